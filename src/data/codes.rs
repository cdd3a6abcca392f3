//! The codes of a column's levels, each in as few bytes as the largest of them needs.

use super::column::MISSING;

/// Codes of levels, one a row; the largest number of each width stands for a missing value.
#[derive(Debug, Clone)]
pub enum Codes {
    /// One byte each.
    One(Vec<u8>),
    /// Two bytes each.
    Two(Vec<u16>),
    /// Four bytes each.
    Four(Vec<u32>),
}

/// The code in one byte; [`MISSING`] is turned into the largest byte by the cast.
const fn one(code: u32) -> u8 {
    code as u8
}

const fn two(code: u32) -> u16 {
    code as u16
}

impl Codes {
    /// None yet of codes below `levels`, with room for `rows`.
    pub fn with_room(levels: usize, rows: usize) -> Self {
        if levels <= usize::from(u8::MAX) {
            Self::One(Vec::with_capacity(rows))
        } else if levels <= usize::from(u16::MAX) {
            Self::Two(Vec::with_capacity(rows))
        } else {
            Self::Four(Vec::with_capacity(rows))
        }
    }

    /// How many codes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::One(codes) => codes.len(),
            Self::Two(codes) => codes.len(),
            Self::Four(codes) => codes.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes a code takes.
    pub fn width(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Four(_) => 4,
        }
    }

    /// The code of a row, or [`MISSING`].
    ///
    /// # Panics
    /// When there is no such row.
    #[inline(always)]
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Self::One(codes) => match codes[row] {
                u8::MAX => MISSING,
                code => u32::from(code),
            },
            Self::Two(codes) => match codes[row] {
                u16::MAX => MISSING,
                code => u32::from(code),
            },
            Self::Four(codes) => codes[row],
        }
    }

    /// The codes, row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }

    /// For every row what `table` has for its code, or what is to stand for a missing one.
    ///
    /// # Panics
    /// When the table is shorter than there are levels.
    pub fn looked_up<T: Copy>(&self, table: &[T], missing: T) -> Vec<T> {
        match self {
            Self::One(codes) => {
                let look = |code: &u8| if *code == u8::MAX { missing } else { table[usize::from(*code)] };
                codes.iter().map(look).collect()
            }
            Self::Two(codes) => {
                let look = |code: &u16| if *code == u16::MAX { missing } else { table[usize::from(*code)] };
                codes.iter().map(look).collect()
            }
            Self::Four(codes) => {
                let look = |code: &u32| if *code == MISSING { missing } else { table[*code as usize] };
                codes.iter().map(look).collect()
            }
        }
    }

    /// The codes, four bytes each.
    pub fn to_vec(&self) -> Vec<u32> {
        self.iter().collect()
    }

    /// Adds a code, in wider codes where it needs them.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self {
            Self::One(codes) if code == MISSING || code < u32::from(u8::MAX) => codes.push(one(code)),
            Self::Two(codes) if code == MISSING || code < u32::from(u16::MAX) => codes.push(two(code)),
            Self::Four(codes) => codes.push(code),
            _ => self.push_wider(code),
        }
    }

    #[cold]
    fn push_wider(&mut self, code: u32) {
        let room = match self {
            Self::One(codes) => codes.capacity(),
            Self::Two(codes) => codes.capacity(),
            Self::Four(codes) => codes.capacity(),
        };
        let mut wider = Self::with_room(code as usize + 1, room.max(self.len() + 1));
        for code in self.iter() {
            wider.push(code);
        }
        wider.push(code);
        *self = wider;
    }

    /// Adds so many missing ones.
    pub fn push_missing(&mut self, rows: usize) {
        let all = self.len() + rows;
        match self {
            Self::One(codes) => codes.resize(all, u8::MAX),
            Self::Two(codes) => codes.resize(all, u16::MAX),
            Self::Four(codes) => codes.resize(all, MISSING),
        }
    }

    /// Adds the codes of another column, each turned into `turned[code]`, which must fit the width; a missing one stays so.
    pub(super) fn extend(&mut self, part: &Self, turned: &[u32]) {
        let turn = |code: u32| turned.get(code as usize).copied().unwrap_or(MISSING);
        match self {
            Self::One(codes) => codes.extend(part.iter().map(|code| one(turn(code)))),
            Self::Two(codes) => codes.extend(part.iter().map(|code| two(turn(code)))),
            Self::Four(codes) => codes.extend(part.iter().map(turn)),
        }
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl From<Vec<u32>> for Codes {
    fn from(codes: Vec<u32>) -> Self {
        let levels = codes
            .iter()
            .filter(|code| **code != MISSING)
            .max()
            .map_or(0, |code| *code as usize + 1);
        let mut narrow = Self::with_room(levels, codes.len());
        for code in codes {
            narrow.push(code);
        }
        narrow
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut narrow = Self::default();
        for code in codes {
            narrow.push(code);
        }
        narrow
    }
}

/// The same codes, whatever their widths.
impl PartialEq for Codes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Codes {}

impl<const N: usize> PartialEq<[u32; N]> for Codes {
    fn eq(&self, other: &[u32; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl PartialEq<Vec<u32>> for Codes {
    fn eq(&self, other: &Vec<u32>) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes() -> impl Strategy<Value = Vec<u32>> {
        let code = prop_oneof![0..300_u32, 250..260_u32, 65_530..65_540_u32, Just(MISSING), Just(MISSING - 1)];
        proptest::collection::vec(code, 0..40)
    }

    #[test]
    fn the_width_is_the_least() {
        assert_eq!(Codes::from(vec![254, MISSING]).width(), 1);
        assert_eq!(Codes::from(vec![255, MISSING]).width(), 2);
        assert_eq!(Codes::from(vec![65_534, MISSING]).width(), 2);
        assert_eq!(Codes::from(vec![65_535, MISSING]).width(), 4);
    }

    proptest! {
        #[test]
        fn codes_read_back(wide in codes(), missing in 0..3_usize) {
            let mut narrow = Codes::from(wide.clone());
            prop_assert_eq!(&narrow, &wide);
            prop_assert_eq!(&wide.iter().copied().collect::<Codes>(), &wide);
            narrow.push_missing(missing);
            prop_assert_eq!(narrow.len(), wide.len() + missing);
            prop_assert_eq!(narrow.to_vec()[..wide.len()].to_vec(), wide);
        }

        #[test]
        fn parts_are_turned(own in proptest::collection::vec(0..200_u32, 0..20), other in proptest::collection::vec(0..20_u32, 0..20)) {
            let turned: Vec<u32> = (0..20).map(|code| code * 1000 + 7).collect();
            let mut joined = Codes::with_room(19_008, own.len() + other.len() + 1);
            own.iter().for_each(|code| joined.push(*code));
            joined.extend(&Codes::from([other.clone(), vec![MISSING]].concat()), &turned);
            let expected: Vec<u32> = own.into_iter().chain(other.into_iter().map(|code| code * 1000 + 7)).chain([MISSING]).collect();
            prop_assert_eq!(joined.width(), 2);
            prop_assert_eq!(joined, expected);
        }
    }
}
