//! Mends one thing in the optimised module: Binaryen before version 112 writes every exported table as table 0, so that the glue would find the
//! table of functions where it keeps its references to the page. A module that is right already stays as it is.

/// The export through which the glue reaches its references.
const EXPORT: &[u8] = b"__wbindgen_externrefs";
/// The type of the references.
const EXTERNREF: u8 = 0x6f;

const SECTION_TABLES: u8 = 4;
const SECTION_EXPORTS: u8 = 7;
const KIND_TABLE: u8 = 1;

/// Points the export at the table that holds references.
///
/// # Errors
/// When the module cannot be read so far, or has no such table.
pub fn mend(wasm: &mut [u8]) -> Result<(), String> {
    let broken = "the module that wasm-opt left cannot be read; is it a WebAssembly module?";
    let Some((tables, export)) = find(wasm).ok_or(broken)? else {
        return Ok(());
    };
    let table = tables
        .iter()
        .position(|&kind| kind == EXTERNREF)
        .ok_or("the module exports its references but has no table of them")?;
    wasm[export] = u8::try_from(table).ok().filter(|&table| table < 0x80).ok_or(broken)?;
    Ok(())
}

/// The element types of the tables, and where the exported table's index stands; `None` inside where nothing of that name is exported.
fn find(wasm: &[u8]) -> Option<Option<(Vec<u8>, usize)>> {
    let mut tables = Vec::new();
    let mut at = Reader { wasm, place: 8 };
    while at.place < wasm.len() {
        let section = at.byte()?;
        let end = at.number()?.checked_add(at.place)?;
        match section {
            SECTION_TABLES => tables = at.tables()?,
            SECTION_EXPORTS => return Some(at.export()?.map(|place| (tables, place))),
            _ => {}
        }
        at.place = end;
    }
    Some(None)
}

struct Reader<'a> {
    wasm: &'a [u8],
    place: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.wasm.get(self.place)?;
        self.place += 1;
        Some(byte)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn tables(&mut self) -> Option<Vec<u8>> {
        (0..self.number()?)
            .map(|_| {
                let kind = self.byte()?;
                let has_most = self.byte()? & 1 == 1;
                self.number()?;
                if has_most {
                    self.number()?;
                }
                Some(kind)
            })
            .collect()
    }

    /// Where the index of the wanted export stands.
    fn export(&mut self) -> Option<Option<usize>> {
        for _ in 0..self.number()? {
            let length = self.number()?;
            let name = self.wasm.get(self.place..self.place.checked_add(length)?)?;
            self.place += length;
            let kind = self.byte()?;
            let place = self.place;
            self.number()?;
            if kind == KIND_TABLE && name == EXPORT {
                return Some(Some(place));
            }
        }
        Some(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with a table of functions, a table of references, and an export of the table `index`.
    fn module(index: u8) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([SECTION_TABLES, 9, 2, 0x70, 1, 5, 5, EXTERNREF, 0, 0x80, 8]);
        wasm.extend([SECTION_EXPORTS, EXPORT.len() as u8 + 4, 1, EXPORT.len() as u8]);
        wasm.extend(EXPORT);
        wasm.extend([KIND_TABLE, index]);
        wasm
    }

    #[test]
    fn the_export_points_at_the_table_of_references() {
        let mut wasm = module(0);
        mend(&mut wasm).expect("it can be mended");
        assert_eq!(wasm, module(1));
        mend(&mut wasm).expect("it is right already");
        assert_eq!(wasm, module(1));
    }

    #[test]
    fn half_a_module_is_refused() {
        for length in 9..module(0).len() {
            let mut wasm = module(0);
            wasm.truncate(length);
            let before = wasm.clone();
            if mend(&mut wasm).is_ok() {
                assert_eq!(wasm, before, "a module without exports stays as it is");
            }
        }
    }
}
