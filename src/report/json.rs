//! The canonical bytes of a report: JSON with one element of each list a line, so that two reports can be compared line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::Report;

/// Writes a report; the same bytes in the browser and in the command.
pub fn render(report: &Report) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Lines { depth: 0 });
    report
        .serialize(&mut serializer)
        .expect("a report holds only maps with text keys, and memory takes every byte");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Breaks the line before every field of the report, and before every element of a list that is a field of the report.
struct Lines {
    depth: usize,
}

impl Lines {
    fn enter(&mut self) {
        self.depth += 1;
    }

    /// A line break where the value that ends was broken into lines.
    fn leave<W: ?Sized + Write>(&mut self, writer: &mut W, breaks: bool) -> io::Result<()> {
        self.depth -= 1;
        if breaks { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn separate<W: ?Sized + Write>(writer: &mut W, first: bool, breaks: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if breaks { writer.write_all(b"\n") } else { Ok(()) }
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter();
        CompactFormatter.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let breaks = self.depth == 2;
        self.leave(writer, breaks)?;
        CompactFormatter.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        Self::separate(writer, first, self.depth == 2)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter();
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let breaks = self.depth == 1;
        self.leave(writer, breaks)?;
        CompactFormatter.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        Self::separate(writer, first, self.depth == 1)
    }
}
