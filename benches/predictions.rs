//! The benchmark's file: predictions of a model that does not exist, the same bytes on every machine.
//!
//! A row depends on its number alone, so a shorter file is the beginning of a longer one. Only whole numbers are used, so nothing rounds.

use std::io::{self, Write};

/// The names of the columns, in order.
pub const COLUMNS: [&str; 17] = [
    "id",
    "timestamp",
    "label",
    "prediction",
    "score",
    "race",
    "sex",
    "age",
    "region",
    "device",
    "segment",
    "channel",
    "income",
    "tenure_months",
    "balance",
    "visits",
    "latency_ms",
];

const RACES: [(&str, u64); 5] = [
    ("White", 60),
    ("Black", 18),
    ("Asian-Pac-Islander", 12),
    ("Amer-Indian-Eskimo", 4),
    ("Other", 6),
];
const SEXES: [(&str, u64); 3] = [("female", 48), ("male", 49), ("nonbinary", 3)];
const REGIONS: [&str; 6] = ["north", "south", "east", "west", "central", "overseas"];
const DEVICES: [&str; 4] = ["ios", "android", "web", "kiosk"];
const CHANNELS: [&str; 5] = ["organic search", "paid search", "referral", "newsletter", "partner"];

/// One part in a million.
const WHOLE: u64 = 1_000_000;

/// The draws that make one row: SplitMix64, started from the row's number.
struct Draws(u64);

impl Draws {
    fn of_row(row: u64) -> Self {
        Self((row + 1).wrapping_mul(0xd134_2543_de82_ef95) ^ 0x2545_f491_4f6c_dd1d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A whole number from 0 up to, and without, `end`.
    fn below(&mut self, end: u64) -> u64 {
        // The upper half of the product: every `end` here is far below 2^32, so no value is noticeably likelier.
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    fn one_of<'a>(&mut self, names: &[&'a str]) -> &'a str {
        names[self.below(names.len() as u64) as usize]
    }

    /// A place in a table of names and shares in percent.
    fn shared(&mut self, table: &[(&str, u64)]) -> usize {
        let mut draw = self.below(100);
        for (place, (_, share)) in table.iter().enumerate() {
            if draw < *share {
                return place;
            }
            draw -= share;
        }
        unreachable!("the shares of a table add up to 100")
    }
}

/// Writes a header and `rows` rows.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, rows: u64) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join(","))?;
    (0..rows).try_for_each(|row| write_row(out, row))
}

fn write_row(out: &mut impl Write, row: u64) -> io::Result<()> {
    let mut draws = Draws::of_row(row);
    let (race, sex) = (draws.shared(&RACES), draws.shared(&SEXES));
    // Likelihood of a positive, in millionths: a heap around 0.4, moved by group so that there are gaps to find.
    let heap: u64 = (0..3).map(|_| draws.below(WHOLE / 3 + 1)).sum();
    let lift = [80_000, 0, 60_000, 10_000, 30_000][race] + [0, 40_000, 20_000][sex];
    let likely = (heap * 8 / 10 + lift).min(WHOLE);
    let label = u64::from(draws.below(WHOLE) < likely);
    // The model sees some of the truth and some noise.
    let noise = draws.below(400_001);
    let score = (likely * 6 / 10 + label * 240_000 + noise).saturating_sub(160_000).min(WHOLE);
    let prediction = u64::from(score >= WHOLE / 2);
    write!(out, "{},", 10_000_000 + row)?;
    write_time(out, 1_767_225_600 + row * 7)?;
    write!(out, ",{label},{prediction},{}.{:06},", score / WHOLE, score % WHOLE)?;
    write!(out, "{},{},{},", RACES[race].0, SEXES[sex].0, 18 + draws.below(70))?;
    write!(out, "{},{},", draws.one_of(&REGIONS), draws.one_of(&DEVICES))?;
    write!(out, "seg_{:02},{},", draws.below(40), draws.one_of(&CHANNELS))?;
    // One income in a hundred is not known.
    if draws.below(100) > 0 {
        let cents = 1_200_000 + draws.below(4200) * draws.below(4200);
        write!(out, "{}.{:02}", cents / 100, cents % 100)?;
    }
    write!(out, ",{},", draws.below(240))?;
    let (owed, cents) = (draws.below(10) < 3, draws.below(3_500_000));
    write!(out, "{}{}.{:02},", if owed { "-" } else { "" }, cents / 100, cents % 100)?;
    let micros = 5000 + draws.below(620) * draws.below(620);
    writeln!(out, "{},{}.{:03}", draws.below(30), micros / 1000, micros % 1000)
}

/// Writes seconds since 1970 as `2026-01-01T00:00:00Z`.
fn write_time(out: &mut impl Write, seconds: u64) -> io::Result<()> {
    // Counted in eras of 400 years from 1 March of year 0, where the leap day is the last of its year (Hinnant's method).
    let (days, of_day) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days / 146_097 * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    write!(out, "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
