//! Finds out from the first rows how they are written, and says how it knows.
//!
//! - **Delimiter**: the one of comma, semicolon, tab and bar by which the most rows have as many fields as the first, and at least two; of
//!   equals the one that makes more fields. A first line `sep=;` names it.
//! - **Quotation mark**: single ones, where more rows fit with them than with double ones, or where only they occur around fields.
//! - **Escape**: the backslash, where more rows fit with it.
//! - **Comments**: lines that begin with `#`, where such lines have another number of fields than the first line that does not.
//! - **Header**: the first row names the columns, unless each of its cells in a column of numbers or times is one too, and there is such a
//!   column. Whole numbers that count up by one are names all the same.

use super::cell::{Sort, classify};
use super::decide::{Counted, decide};
use super::dialect::{Dialect, fits, is_blank, parser};
use super::options::{Aspect, Comment, Detected, Escape, ReadOptions, delimiter_word};
use super::rules::Rules;
use super::tally::{Place, Shape, Tally};

/// The delimiters looked for, in order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows looked at.
const ROWS: usize = 50;

/// The start of a text, and whether there is no more of it.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub text: &'a [u8],
    pub whole: bool,
}

/// How the text is written, as far as it is not said in `options`, and what was found.
pub(super) fn detect(window: Window, options: &ReadOptions, rules: &Rules) -> (Dialect, Vec<Detected>) {
    let (hint, behind) = separator_line(window.text);
    let hint = hint.filter(|_| options.delimiter.is_none());
    let window = Window {
        text: &window.text[behind..],
        ..window
    };
    let mut base = Dialect {
        start: behind as u64,
        comment: match options.comment {
            Some(Comment::Sign(byte)) => Some(byte),
            _ => None,
        },
        ..Dialect::of(b',')
    };
    let mut best = search(window, base, options, hint);
    if options.comment.is_none() {
        base.comment = Some(b'#');
        let with = search(window, base, options, hint);
        if are_comments(window, &with.dialect) {
            best = with;
        }
    }
    let mut found = best.evidence(options, hint.is_some());
    let mut dialect = best.dialect;
    let (has_header, why) = header(window, &dialect, rules);
    dialect.has_header = options.header.unwrap_or(has_header);
    let word = if dialect.has_header { "yes" } else { "no" };
    found.push(match options.header {
        Some(_) => Detected::given(Aspect::Header, word),
        None => Detected::new(Aspect::Header, word, why),
    });
    (dialect, found)
}

/// The delimiter that a first line such as `sep=;` names, and where the next line begins.
fn separator_line(text: &[u8]) -> (Option<u8>, usize) {
    let Some(end) = text.iter().take(8).position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return (None, 0);
    };
    match text[..end] {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => {
            let both = text[end..].starts_with(b"\r\n");
            (Some(delimiter), end + if both { 2 } else { 1 })
        }
        _ => (None, 0),
    }
}

/// A way of writing and how well the first rows fit it.
struct Candidate {
    dialect: Dialect,
    rows: Vec<Row>,
    fields: usize,
    fitting: usize,
}

/// What a row looks like in some way of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Row {
    fields: usize,
    /// Fields in quotation marks.
    quoted: usize,
    /// Quotation marks that do not belong where they are.
    broken: bool,
    /// Quotation marks inside quoted fields.
    inner: usize,
    /// Whether the last field is empty.
    ends_empty: bool,
    /// Whether it begins with `#`.
    is_hash: bool,
}

impl Candidate {
    fn of(window: Window, dialect: Dialect) -> Self {
        let rows = rows(window, &dialect);
        let fields = rows.first().map_or(0, |row| row.fields);
        let fits = |row: &&Row| !row.broken && (row.fields == fields || row.ends_empty && row.fields == fields + 1);
        let fitting = rows.iter().filter(fits).count();
        Self {
            fitting,
            dialect,
            fields,
            rows,
        }
    }

    fn quoted(&self) -> usize {
        self.rows.iter().map(|row| row.quoted).sum()
    }

    /// Whether more rows fit, or equally many with more fields, or with more quoted ones.
    fn beats(&self, other: &Self) -> bool {
        let (share, other_share) = (self.fitting * other.rows.len(), other.fitting * self.rows.len());
        let broken = |candidate: &Self| candidate.rows.iter().filter(|row| !row.broken).count();
        (share, self.fields, broken(self), self.quoted()) > (other_share, other.fields, broken(other), other.quoted())
    }

    fn evidence(&self, options: &ReadOptions, named: bool) -> Vec<Detected> {
        let Dialect {
            delimiter,
            quote,
            escape,
            comment,
            ..
        } = self.dialect;
        let (rows, fields) = (self.rows.len(), self.fields);
        let said = |what, is_given: bool, value: String, why: String| {
            if is_given {
                Detected::given(what, value)
            } else {
                Detected::new(what, value, why)
            }
        };
        let why_delimiter = match (named, fields) {
            (true, _) => "the first line names it".to_owned(),
            (_, 0 | 1) => "none was found, so every line is one field".to_owned(),
            _ => format!("{} of {rows} rows have {fields} fields", self.fitting),
        };
        let quoted = self.quoted();
        let why_quote = match quoted {
            0 => "no field is in quotation marks".to_owned(),
            1 => "1 field is in them".to_owned(),
            _ => format!("{quoted} fields are in them"),
        };
        let inner: usize = self.rows.iter().map(|row| row.inner).sum();
        let why_escape = match inner {
            0 => "no quotation mark is inside a quoted field".to_owned(),
            1 => "1 quotation mark is written so".to_owned(),
            _ => format!("{inner} quotation marks are written so"),
        };
        let comment_word = comment.map_or("none".to_owned(), |byte| char::from(byte).to_string());
        let why_comment = if comment.is_some() {
            "lines that begin with it have another number of fields"
        } else {
            "no line looks like one"
        };
        let quote_word = match quote {
            Some(b'"') => "double",
            Some(_) => "single",
            None => "none",
        };
        let escape_word = if escape.is_some() { "backslash" } else { "doubled" };
        let mut found = vec![
            said(
                Aspect::Delimiter,
                options.delimiter.is_some(),
                delimiter_word(delimiter),
                why_delimiter,
            ),
            said(Aspect::Quote, options.quote.is_some(), quote_word.to_owned(), why_quote),
        ];
        if quote.is_some() {
            found.push(said(Aspect::Escape, options.escape.is_some(), escape_word.to_owned(), why_escape));
        }
        found.push(said(
            Aspect::Comment,
            options.comment.is_some(),
            comment_word,
            why_comment.to_owned(),
        ));
        found
    }
}

/// The way of writing that the first rows fit best, of those that the options leave.
fn search(window: Window, base: Dialect, options: &ReadOptions, hint: Option<u8>) -> Candidate {
    let has = |part: &[u8]| window.text.windows(part.len()).any(|found| found == part);
    let delimiters: &[u8] = match options.delimiter.or(hint) {
        Some(delimiter) => &[delimiter],
        None => &DELIMITERS,
    };
    let quotes: &[Option<u8>] = match options.quote {
        Some(quote) => &[quote.byte()],
        None if has(b"'") => &[Some(b'"'), Some(b'\'')],
        None => &[Some(b'"')],
    };
    let mut best: Option<Candidate> = None;
    for &quote in quotes {
        let in_quote = quote.is_some_and(|quote| has(&[b'\\', quote]));
        let escapes: &[Option<u8>] = match options.escape {
            Some(Escape::Doubled) => &[None],
            Some(Escape::Backslash) => &[Some(b'\\')],
            None if in_quote => &[None, Some(b'\\')],
            None => &[None],
        };
        for (&escape, &delimiter) in escapes
            .iter()
            .flat_map(|escape| delimiters.iter().map(move |delimiter| (escape, delimiter)))
        {
            let candidate = Candidate::of(
                window,
                Dialect {
                    delimiter,
                    quote,
                    escape,
                    ..base
                },
            );
            let is_open = delimiters.len() == 1 || candidate.fields >= 2;
            let is_better = best.as_ref().is_none_or(|best| candidate.beats(best));
            if is_open && is_better {
                best = Some(candidate);
            }
        }
    }
    best.unwrap_or_else(|| one_field(window, base, options, quotes))
}

/// The way of writing a file of one column.
fn one_field(window: Window, base: Dialect, options: &ReadOptions, quotes: &[Option<u8>]) -> Candidate {
    let escape = (options.escape == Some(Escape::Backslash)).then_some(b'\\');
    let of = |quote| {
        Candidate::of(
            window,
            Dialect {
                delimiter: b',',
                quote,
                escape,
                ..base
            },
        )
    };
    let first = of(quotes[0]);
    match quotes.get(1).map(|quote| of(*quote)) {
        Some(second) if second.beats(&first) => second,
        _ => first,
    }
}

/// Whether lines begin with `#`, and none of them has as many fields as the first row that does not.
fn are_comments(window: Window, with: &Dialect) -> bool {
    let all = rows(window, &Dialect { comment: None, ..*with });
    let Some(first) = all.iter().find(|row| !row.is_hash) else {
        return false;
    };
    let mut hashes = all.iter().filter(|row| row.is_hash).peekable();
    hashes.peek().is_some() && hashes.all(|row| row.fields != first.fields)
}

/// What the first rows look like; blank and commented lines are none, and neither is one that the window cuts off.
fn rows(window: Window, dialect: &Dialect) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest = window.text;
    let mut cut_off = false;
    while rows.len() <= ROWS && !rest.is_empty() {
        let (row, length, is_blank) = row(rest, dialect);
        cut_off = length == rest.len() && !rest.ends_with(b"\n") && !rest.ends_with(b"\r");
        rest = &rest[length..];
        rows.extend(row.filter(|_| !is_blank));
    }
    if (rows.len() > ROWS || cut_off && !window.whole) && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// The row at the start of a text, unless it is a comment; its length with its line end; whether it holds nothing but white space.
fn row(text: &[u8], dialect: &Dialect) -> (Option<Row>, usize, bool) {
    #[derive(PartialEq)]
    enum At {
        Field,
        Bare,
        Quoted,
        Closed,
    }
    let end = |from: usize| from + 1;
    if dialect.comment.is_some_and(|comment| text[0] == comment) {
        let length = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(text.len(), end);
        return (None, length, false);
    }
    let mut row = Row {
        fields: 1,
        is_hash: text[0] == b'#',
        ends_empty: true,
        ..Row::default()
    };
    let (mut at, mut marks, mut blank, mut index) = (At::Field, 0, true, 0);
    while let Some(&byte) = text.get(index) {
        let is_quote = dialect.quote == Some(byte);
        blank &= byte.is_ascii_whitespace() && byte != dialect.delimiter;
        index += 1;
        match at {
            At::Quoted if dialect.escape == Some(byte) && index < text.len() => {
                row.inner += usize::from(dialect.quote == text.get(index).copied());
                index += 1;
            }
            At::Quoted if is_quote && text.get(index) == Some(&byte) => {
                row.inner += 1;
                index += 1;
            }
            At::Quoted if is_quote => at = At::Closed,
            At::Quoted => {}
            _ if matches!(byte, b'\n' | b'\r') => break,
            _ if byte == dialect.delimiter => {
                row.broken |= marks % 2 == 1;
                (at, marks, row.ends_empty) = (At::Field, 0, true);
                row.fields += 1;
            }
            At::Field if is_quote => {
                row.quoted += 1;
                (at, row.ends_empty) = (At::Quoted, false);
            }
            At::Closed => row.broken |= byte != b' ',
            At::Field | At::Bare => {
                marks += usize::from(is_quote);
                (at, row.ends_empty) = (At::Bare, false);
            }
        }
    }
    row.broken |= marks % 2 == 1 || at == At::Quoted;
    (Some(row), index, blank)
}

/// Whether the first row names the columns, and why.
fn header(window: Window, dialect: &Dialect, rules: &Rules) -> (bool, &'static str) {
    let mut reader = parser(dialect).from_reader(window.text);
    let (mut record, mut first) = (csv::ByteRecord::new(), csv::ByteRecord::new());
    let mut tallies: Vec<Tally> = Vec::new();
    let mut count = 0;
    while count <= ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        let cut_off = !window.whole && reader.position().byte() == window.text.len() as u64;
        if is_blank(&record) || cut_off && count > 0 {
            continue;
        }
        if count == 0 {
            first = record.clone();
            tallies.resize(record.len(), Tally::default());
        } else if fits(&record, tallies.len()) {
            for (tally, cell) in tallies.iter_mut().zip(&record) {
                tally.count(classify(cell.trim_ascii(), rules), &Place { byte: 0, line: 1 });
            }
        }
        count += 1;
    }
    if count < 2 {
        return (true, "there is nothing to compare the first row with");
    }
    let columns: Vec<Counted> = tallies.iter().map(|tally| Counted { name: "", tally }).collect();
    let decisions = decide(&columns, rules, dialect);
    let (mut alike, mut unlike) = (0, 0);
    for (cell, decision) in first.iter().zip(&decisions) {
        let sort = classify(cell.trim_ascii(), rules).sort;
        match decision.shape {
            Shape::Numbers | Shape::Times if sort == Sort::Missing => {}
            Shape::Numbers | Shape::Times if is_value(sort) => alike += 1,
            Shape::Numbers | Shape::Times => unlike += 1,
            Shape::Empty | Shape::Texts => {}
        }
    }
    match (alike, unlike) {
        (0, 0) => (true, "no column holds numbers or times to tell by"),
        (0, _) => (true, "the first row has words where the rows below have numbers or times"),
        (_, 0) if counts_up(&first) => (true, "the first row counts the columns"),
        (_, 0) => (false, "the first row has numbers or times where the rows below have them"),
        _ => (true, "the first row has a word where the rows below have numbers or times"),
    }
}

/// Whether a cell of that sort could be a number or a time in some style.
fn is_value(sort: Sort) -> bool {
    (Sort::Number..=Sort::EitherFirst).contains(&sort)
}

/// Whether the cells are whole numbers, each one more than the last, and there are several.
fn counts_up(record: &csv::ByteRecord) -> bool {
    let numbers: Option<Vec<i64>> = record
        .iter()
        .map(|cell| std::str::from_utf8(cell).ok()?.trim().parse().ok())
        .collect();
    numbers.is_some_and(|numbers| numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Dialect {
        let window = Window {
            text: text.as_bytes(),
            whole: true,
        };
        detect(window, &ReadOptions::default(), &Rules::default()).0
    }

    fn delimiter(text: &str) -> char {
        of(text).delimiter as char
    }

    #[test]
    fn the_delimiter_is_the_most_consistent_one() {
        assert_eq!(delimiter("a,b,c\n1,2,3\n"), ',');
        assert_eq!(delimiter("a;b;c\n1,5;2,5;3,5\n"), ';');
        assert_eq!(delimiter("a\tb\n1,2\t3\n"), '\t');
        assert_eq!(delimiter("a|b\n1|2\n"), '|');
        assert_eq!(delimiter("only\n1\n2\n"), ',');
        assert_eq!(delimiter("a,\"x;y;z\"\n1,\"p;q;r\"\n"), ',');
        assert_eq!(delimiter("a,note;more\n1,x\n2,y\n"), ',');
        assert_eq!(delimiter("a,b,c\n1,2\n1,2,3\n"), ',');
        assert_eq!(delimiter("\n\n a;b\n1;2\n"), ';');
    }

    #[test]
    fn a_row_cut_off_by_the_window_does_not_count() {
        let window = Window {
            text: b"a,b;c,d\n1,2;3,4\n5,",
            whole: false,
        };
        let (dialect, _) = detect(window, &ReadOptions::default(), &Rules::default());
        assert_eq!(dialect.delimiter, b',');
    }

    #[test]
    fn a_first_line_can_name_the_delimiter() {
        let dialect = of("sep=;\r\na;b\r\n1,2;3,4\r\n");
        assert_eq!((dialect.delimiter, dialect.start), (b';', 7));
        assert_eq!(of("sep=\na\n").start, 0);
    }

    #[test]
    fn quotes_and_escapes_are_found() {
        assert_eq!(of("a,b\n'x, y',1\n'z',2\n").quote, Some(b'\''));
        assert_eq!(of("a,b\n'x',1\n'z',2\n").quote, Some(b'\''));
        assert_eq!(of("a,b\nit's,1\n'tis,2\n").quote, Some(b'"'));
        assert_eq!(of("a,b\n\"it's\",1\n\"z\",2\n").quote, Some(b'"'));
        assert_eq!(of("a,b\n\"say \\\"hi\\\", ok\",2\n").escape, Some(b'\\'));
        assert_eq!(of("a,b\n\"say \\\"hi\\\" ok\",2\n").escape, Some(b'\\'));
        assert_eq!(of("a,b\n\"say \"\"hi\"\" ok\",2\n").escape, None);
        assert_eq!(of("a,b\n\"C:\\\",2\n\"D:\\\",3\n").escape, None);
    }

    #[test]
    fn comments_have_another_number_of_fields() {
        assert_eq!(of("# made by x\na,b\n1,2\n# end, or, not\n").comment, Some(b'#'));
        assert_eq!(of("#id,b\n1,2\n").comment, None);
        assert_eq!(of("tag,n\n#one,1\n#two,2\n").comment, None);
        assert_eq!(of("# one, two\na;b;c\n1;2;3\n").delimiter, b';');
    }

    #[test]
    fn a_first_row_like_the_others_is_no_header() {
        for (text, expected) in [
            ("a,b\n1,2\n", true),
            ("1,2\n3,4\n", false),
            ("x,1,2020-01-01\ny,2,2020-01-02\n", false),
            ("x,n\ny,2\nz,3\n", true),
            ("2018,name\n5,x\n", false),
            ("id,2018,2019\n5,6,7\n", true),
            ("0,1,2,3\n5,6,7,8\n", true),
            ("yes,no\nyes,yes\n", true),
            ("a,b\n", true),
            ("1,5;2,5\n3,5;4,5\n", false),
            ("NA,1\n3,5\n", false),
        ] {
            assert_eq!(of(text).has_header, expected, "{text}");
        }
    }

    #[test]
    fn evidence_is_given() {
        let window = Window {
            text: b"a;b\n1;2\n3;\"4\"\n5\n",
            whole: true,
        };
        let mut options = ReadOptions::default();
        let (_, found) = detect(window, &options, &Rules::default());
        let said: Vec<String> = found
            .iter()
            .map(|found| format!("{}: {}, {}", found.what.as_str(), found.value, found.why))
            .collect();
        assert_eq!(
            said,
            [
                "delimiter: semicolon, 3 of 4 rows have 2 fields",
                "quote: double, 1 field is in them",
                "escape: doubled, no quotation mark is inside a quoted field",
                "comment: none, no line looks like one",
                "header: yes, the first row has words where the rows below have numbers or times",
            ]
        );
        options.give(Aspect::Delimiter, "comma").unwrap();
        options.give(Aspect::Quote, "none").unwrap();
        let (dialect, found) = detect(window, &options, &Rules::default());
        assert_eq!((dialect.delimiter, dialect.quote), (b',', None));
        assert_eq!((found[0].why.as_str(), found.len()), ("as given", 4));
    }
}
