//! A browser file as a synchronous source of bytes, read in large slices: small ones cost several times the speed.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// Bytes a slice.
const SLICE: u64 = 4 << 20;

/// Reads a [`Blob`] through `FileReaderSync`, which exists in workers only.
pub struct Slices {
    blob: Blob,
    reader: FileReaderSync,
    size: u64,
    position: u64,
    held: Vec<u8>,
    held_from: u64,
}

impl Slices {
    /// A source over `blob`, from its first byte.
    ///
    /// # Errors
    /// When this is not a worker.
    pub fn new(blob: Blob) -> std::result::Result<Self, JsValue> {
        Ok(Self {
            size: blob.size() as u64,
            reader: FileReaderSync::new()?,
            blob,
            position: 0,
            held: Vec::new(),
            held_from: 0,
        })
    }

    /// Bytes in all.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The held bytes from the position on; empty where they end.
    fn at_hand(&self) -> &[u8] {
        let offset = self
            .position
            .checked_sub(self.held_from)
            .and_then(|offset| usize::try_from(offset).ok());
        offset.and_then(|offset| self.held.get(offset..)).unwrap_or_default()
    }

    fn hold_next(&mut self) -> Result<()> {
        let end = (self.position + SLICE).min(self.size);
        let bytes = self
            .blob
            .slice_with_f64_and_f64(self.position as f64, end as f64)
            .and_then(|slice| self.reader.read_as_array_buffer(&slice))
            .map_err(|error| Error::other(unreadable(&error)))?;
        let bytes = js_sys::Uint8Array::new(&bytes);
        self.held.resize(bytes.length() as usize, 0);
        bytes.copy_to(&mut self.held);
        self.held_from = self.position;
        if self.held.is_empty() {
            return Err(Error::new(ErrorKind::UnexpectedEof, "it became shorter while it was read"));
        }
        Ok(())
    }
}

/// The browser refuses a slice when the file was changed, moved or locked after it was chosen.
pub(super) fn unreadable(error: &JsValue) -> String {
    let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    let name = name.unwrap_or_else(|| "no reason given".to_owned());
    format!("the browser could not read it ({name}): it may have been changed, moved or locked since it was chosen")
}

impl Read for Slices {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at_hand().is_empty() && self.position < self.size {
            self.hold_next()?;
        }
        let bytes = self.at_hand();
        let count = bytes.len().min(into.len());
        into[..count].copy_from_slice(&bytes[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Slices {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a position before the first byte of the file"))?;
        Ok(self.position)
    }
}
