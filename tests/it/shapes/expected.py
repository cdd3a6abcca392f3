"""What files of many shapes must be read as, written to shapes.json for the tests in this folder.

Expectations never come from the reader under test. Rows come from Python's csv module, numbers and times from pandas, kinds and notices
from the table below, which is written by hand. Where the rule differs from what pandas would do by itself, `why` says so.

    python3 -m pip install pandas==2.3.3
    python3 tests/it/shapes/expected.py
"""

import csv
import gzip
import io
import json
import math
import pathlib

import pandas as pd

MISSING = {"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "none", "-", "#N/A"}
KINDS = {"n": "numeric", "b": "boolean", "c": "categorical", "t": "time", "x": "text", "e": "empty"}
SHAPES = []


def counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def rows_of(text, dialect, comment):
    """The rows of a text by Python's csv module, each with the line it begins on."""
    # A comment leaves its line behind, so that lines are counted on.
    lines = ("\n" if comment and line.startswith(comment) else line for line in io.StringIO(text, newline=""))
    reader = csv.reader(lines, **dialect)
    before = 0
    for row in reader:
        line, before = before + 1, reader.line_num
        if row and not (len(row) == 1 and row[0] != "" and not row[0].strip()):
            yield line, row


def numbers_of(cells, settings):
    """Numbers by pandas, None where a cell is none; percent signs and signs of money are taken off here."""
    found = []
    for cell in cells:
        if cell is None:
            found.append(None)
            continue
        percent = cell.endswith("%")
        plain = cell.rstrip("% ").strip("$€£¥ ").replace("\u2212", "-")
        plain = plain.replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ")
        source = io.StringIO('"' + plain + '"\n')
        frame = pd.read_csv(source, header=None, float_precision="round_trip", keep_default_na=False, **settings)
        value = frame.iloc[0, 0]
        if isinstance(value, str):
            try:
                value = float(value) if value.lower().strip("+-") in ("inf", "infinity") else None
            except ValueError:
                value = None
        if value is not None:
            value = float(value)
            value = float(repr(value) + "e-2") if percent and "e" not in repr(value) else value
        found.append(value)
    return found


def times_of(cells, settings):
    """Microseconds since 1970 by pandas, None where a cell is no time."""
    found = []
    for cell in cells:
        value = None
        if cell is not None:
            try:
                time = pd.to_datetime(float(cell) if "unit" in settings else cell, utc=True, **settings)
                value = time.value // 1000
            except (ValueError, TypeError):
                value = None
        found.append(value)
    return found


def shown(value):
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def source_of(data):
    """The bytes as JSON can carry them."""
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def shape(
    family,
    name,
    data,
    kinds="",
    why="",
    *,
    file="f.csv",
    parts=None,
    options=None,
    encoding="utf-8-sig",
    names=None,
    rows=None,
    skip=0,
    comment=None,
    numbers=None,
    times=None,
    values=None,
    missing=None,
    notices=(),
    of_column=None,
    reading=None,
    error=None,
    set_aside=None,
    width=None,
    loose=False,
    **dialect,
):
    """One shape: `data` as text (UTF-8) or bytes, `kinds` a letter a column, the rest what csv and pandas need to know."""
    data = data.encode("utf-8") if isinstance(data, str) else data
    entry = {"family": family, "name": name, "why": why, "file": file, "options": options or {}}
    entry["parts"] = parts or [dict(source_of(data), times=1)]
    SHAPES.append(entry)
    if error is not None:
        entry["error"] = error
        return
    if reading:
        entry["reading"] = reading
    if loose:
        entry["width"], entry["rows"] = width, rows
        entry["columns"] = values
        entry["notices"] = list(notices)
        return
    if rows is None:
        plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        found = list(rows_of(plain.decode(encoding).lstrip("\ufeff"), dialect, comment))[skip:]
        if names is None:
            names = [field.strip() for field in found.pop(0)[1]]
        rows = found
    kept, aside = [], []
    for line, row in rows:
        if len(row) == len(names) or (len(row) == len(names) + 1 and row[-1] == ""):
            kept.append((line, [field.strip(" \t\r\n\f") for field in row]))
        else:
            aside.append([line, f"has {counted(len(row), 'field')}, the header has {len(names)}"])
    aside = set_aside if set_aside is not None else aside
    told = list(notices)
    if aside and set_aside is None:
        verb, were = ("does", "was") if len(aside) == 1 else ("do", "were")
        told.append(
            f"{counted(len(aside), 'row')} {verb} not have the {counted(len(names), 'field')} of the header and {were} set aside "
            f"(first at line {aside[0][0]})."
        )
    columns = []
    markers = MISSING if missing is None else {""} | set(missing)
    for place, (column, letter) in enumerate(zip(names, kinds, strict=True)):
        cells = [row[place] for _, row in kept]
        lines = [line for line, _ in kept]
        absent = markers | ({"?"} if letter in "nt" and missing is None else set())
        cells = [None if cell in absent else cell for cell in cells]
        if letter == "n":
            typed = numbers_of(cells, (numbers or {}).get(column, {}))
        elif letter == "t":
            typed = times_of(cells, (times or {}).get(column, {}))
        else:
            typed = cells
        if values and column in values:
            typed = values[column]
        gone = [line for line, cell in zip(lines, cells) if cell is None]
        wrong = [line for line, cell, value in zip(lines, cells, typed) if cell is not None and value is None]
        title = '"' + column + '"'
        if letter == "e":
            told.append(f"Column {title} holds no values.")
        elif gone:
            told.append(f"Column {title} has {counted(len(gone), 'missing value')} (first at line {gone[0]}).")
        if wrong:
            what = "number" if letter == "n" else "date or time"
            verb, count = ("is", "counts") if len(wrong) == 1 else ("are", "count")
            told.append(
                f"{counted(len(wrong), 'value')} of column {title} {verb} not a {what} and {count} as missing (first at line {wrong[0]})."
            )
        told.extend((of_column or {}).get(column, []))
        entry_of = {"name": column, "kind": KINDS[letter], "missing": len(gone), "invalid": len(wrong)}
        if letter not in "xe":
            entry_of["values"] = [shown(value) for value in typed]
        columns.append(entry_of)
    entry.update(rows=len(kept), columns=columns, notices=told, set_aside=aside[:100])


def packed(data):
    data = data.encode("utf-8") if isinstance(data, str) else data
    return gzip.compress(data, mtime=0)


FIVE = "name,age,score\nAnna,31,0.5\nBen,42,0.25\nCora,,0.75\n"

# --- encodings ---------------------------------------------------------------------------------------------------------------------------
E = "encodings"
ACCENTS = "name,city,n\nJosé,Málaga,1\nZoë,Köln,2\n"
shape(E, "plain ascii", FIVE, "cnn", reading={"encoding": "utf-8"})
shape(E, "utf-8 with a mark", b"\xef\xbb\xbf" + ACCENTS.encode(), "ccn", reading={"encoding": "utf-8"})
shape(E, "utf-8 without a mark", ACCENTS, "ccn", reading={"encoding": "utf-8"})
shape(E, "utf-8 beyond the basic plane", "name,n\n🙂,1\n中文,2\n", "cn")
shape(E, "utf-16le with a mark", b"\xff\xfe" + ACCENTS.encode("utf-16le"), "ccn", encoding="utf-16", reading={"encoding": "utf-16le"})
shape(E, "utf-16be with a mark", b"\xfe\xff" + ACCENTS.encode("utf-16be"), "ccn", encoding="utf-16", reading={"encoding": "utf-16be"})
shape(E, "utf-16le without a mark", ACCENTS.encode("utf-16le"), "ccn", encoding="utf-16le", reading={"encoding": "utf-16le"})
shape(E, "utf-16be without a mark", ACCENTS.encode("utf-16be"), "ccn", encoding="utf-16be", reading={"encoding": "utf-16be"})
shape(E, "utf-16le in cyrillic without a mark", "имя,год,доля\nПётр,1990,0.5\nАнна,1985,0.25\n".encode("utf-16le"), "cnn", encoding="utf-16le")
shape(E, "utf-16 as excel saves it, with tabs", b"\xff\xfe" + "name\tn\r\nZoë\t1\r\nBen\t2\r\n".encode("utf-16le"), "cn", encoding="utf-16", delimiter="\t")
shape(E, "utf-16 with surrogates", b"\xff\xfe" + "name,n\n🙂🙃,1\nx,2\n".encode("utf-16le"), "cn", encoding="utf-16")
shape(
    E,
    "utf-16 cut in half",
    b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16le") + b"3",
    error='"f.csv" is not UTF-16 text at line 3: a character is cut in half. Save it as UTF-8, or choose its encoding.',
)
shape(E, "latin-1 accents", ACCENTS.encode("latin-1"), "ccn", encoding="latin-1", reading={"encoding": "windows-1252"})
shape(E, "windows-1252 quotes and euro", "name,n\n“Zoë” – €5,1\nx,2\n".encode("cp1252"), "cn", encoding="cp1252")
shape(E, "windows-1250 as given", "name,n\nŁódź,1\nx,2\n".encode("cp1250"), "cn", encoding="cp1250", options={"encoding": "windows-1250"})
shape(E, "windows-1251 as given", "имя,n\nПётр,1\nx,2\n".encode("cp1251"), "cn", encoding="cp1251", options={"encoding": "windows-1251"})
shape(E, "windows-1254 as given", "ad,n\nşule,1\nx,2\n".encode("cp1254"), "cn", encoding="cp1254", options={"encoding": "windows-1254"})
shape(E, "a dos code page as given", "name,n\nGröße,1\nx,2\n".encode("cp850"), "cn", encoding="cp850", options={"encoding": "ibm850"})
shape(E, "latin-1 as given keeps control characters", b"name,n\na\x85b,1\nx,2\n", "cn", encoding="latin-1", options={"encoding": "latin-1"})
shape(
    E,
    "windows-1252 found late",
    b"",
    "",
    "the first 300,000 rows are plain; pandas would stop with a UnicodeDecodeError",
    parts=[{"text": "name,n\n", "times": 1}, {"text": "x,1\n", "times": 300_000}, {"hex": b"Zo\xeb,2\n".hex(), "times": 1}],
    loose=True,
    rows=300_001,
    width=2,
    values=[{"name": "name", "kind": "categorical", "levels": ["x", "Zoë"], "missing": 0, "invalid": 0}],
    reading={"encoding": "windows-1252"},
)
shape(
    E,
    "utf-8 with a damaged byte",
    b"name,n\nZo\xc3\xab,1\nAnn\xe9,2\n",
    error='"f.csv" is not UTF-8 text at line 3 (byte 18 of the file). Save it as UTF-8, or choose its encoding.',
)
shape(
    E,
    "windows-1252 read as utf-8 because it was said",
    ACCENTS.encode("cp1252"),
    options={"encoding": "utf-8"},
    error='"f.csv" is not UTF-8 text at line 2 (byte 16 of the file). Save it as UTF-8, or choose its encoding.',
)
shape(E, "zero bytes among the text", b"a,b\n1,\x002\n", error='"f.csv" looks like a binary file, not a CSV file. Choose a CSV file.')
EMPTY = '"f.csv" is empty. Choose a CSV file with a header line and at least one row.'
shape(E, "a utf-8 mark and nothing else", b"\xef\xbb\xbf", error=EMPTY)
shape(E, "a utf-16 mark and nothing else", b"\xff\xfe", error=EMPTY)

# --- delimiters and quoting --------------------------------------------------------------------------------------------------------------
D = "delimiters and quoting"
shape(D, "comma", FIVE, "cnn", reading={"delimiter": "comma"})
shape(D, "semicolon", FIVE.replace(",", ";"), "cnn", delimiter=";", reading={"delimiter": "semicolon"})
shape(D, "tab", FIVE.replace(",", "\t"), "cnn", delimiter="\t", reading={"delimiter": "tab"})
shape(D, "bar", FIVE.replace(",", "|"), "cnn", delimiter="|", reading={"delimiter": "bar"})
shape(D, "caret as given", FIVE.replace(",", "^"), "cnn", delimiter="^", options={"delimiter": "^"})
shape(D, "blank as given", "name age\nAnna 31\nBen 42\n", "cn", delimiter=" ", options={"delimiter": "blank"})
shape(D, "semicolon with decimal commas", "name;x\nAnna;1,5\nBen;2,25\n", "cn", delimiter=";", numbers={"x": {"decimal": ","}})
shape(D, "quoted commas", 'name,note\nAnna,"a, b"\nBen,"c, d, e"\n', "cc")
shape(D, "quoted line ends", 'name,note\nAnna,"a\nb"\nBen,"c\r\nd"\nCora,e\n', "cc")
shape(D, "doubled quotation marks", 'name,note\nAnna,"say ""hi"""\nBen,""""\n', "cc", reading={"escape": "doubled"})
shape(
    D,
    "backslashes before quotation marks",
    'name,note\nAnna,"say \\"hi\\", ok"\nBen,"c"\n',
    "cc",
    "pandas has to be told the escape character",
    escapechar="\\",
    doublequote=False,
    reading={"escape": "backslash"},
)
shape(D, "backslashes that escape nothing", 'name,path\nAnna,"C:\\"\nBen,"D:\\x"\n', "cc", reading={"escape": "doubled"})
shape(
    D,
    "single quotation marks",
    "name,note\n'Anna','a, b'\n'Ben','c'\n",
    "cc",
    "pandas has to be told the quotation mark",
    quotechar="'",
    reading={"quote": "single"},
)
shape(D, "apostrophes are no quotation marks", "name,n\nO'Neil,1\n'tis,2\n", "cn", reading={"quote": "double"})
shape(
    D,
    "no quotation marks, as given",
    'size,n\n"5 inch,1\n6" inch,2\n',
    "cn",
    quoting=csv.QUOTE_NONE,
    options={"quote": "none"},
)
shape(D, "a quotation mark inside a bare field", 'size,n\n5" pipe,1\n6" pipe,2\n', "cn")
shape(D, "blanks around delimiters", "name , age\n Anna , 31\nBen ,42 \n", "cn", "blanks around a cell are taken off; pandas keeps them in texts")
shape(
    D,
    "a blank before a quotation mark",
    'name,note\nAnna, "a"\nBen, "b"\n',
    "cc",
    "as in Python and pandas, the field is not quoted then",
)
shape(D, "a first line that names the delimiter", "sep=;\r\nname;n\r\nAnna;1\r\nBen;2\r\n", "cn", "pandas takes it for the header", delimiter=";", skip=1, reading={"delimiter": "semicolon"})
shape(D, "semicolons inside quoted fields", 'name,note\nAnna,"a;b;c"\nBen,"d;e;f"\n', "cc", reading={"delimiter": "comma"})
shape(D, "commas in a file of tabs", "name\tnote\nAnna\ta, b\nBen\tc, d\n", "cc", delimiter="\t")
shape(D, "a delimiter that was given wins", "a;b,c\n1;2,3\n4;5,6\n", "cn", delimiter=",", options={"delimiter": "comma"}, values={"a;b": ["1;2", "4;5"]})
shape(D, "one column", "age\n31\n42\n", "n", reading={"delimiter": "comma"})
shape(
    D,
    "a quotation mark that is never closed",
    'name,note\nAnna,"a\nBen,b\nCora,c\n',
    error='The quotation mark that opens on line 2 of "f.csv" is never closed. Close it, or double it where it is part of the text.',
)
shape(
    D,
    "the delimiter cannot be the quotation mark",
    FIVE,
    options={"delimiter": "'", "quote": "single"},
    error="The file cannot be read as asked: the delimiter cannot be the quotation mark. Take one of the two back.",
)
shape(D, "every field quoted", '"name","age"\n"Anna","31"\n"Ben","42"\n', "cn", "a quoted number is one all the same, as in pandas")

# --- ragged and broken -------------------------------------------------------------------------------------------------------------------
R = "ragged and broken"
shape(R, "a short row", "a,b,c\n1,2,3\n4,5\n6,7,8\n", "nnn", "pandas fills short rows up; here a row that lacks a field is set aside")
shape(R, "a long row", "a,b,c\n1,2,3\n4,5,6,7\n6,7,8\n", "nnn", "pandas stops at a long row")
shape(R, "short and long rows", "a,b\n1,2\n3\n4,5,6\n7,8\n", "nn")
shape(R, "two lines run together", "a,b,c\n1,2,3\n4,5,64,5,6\n7,8,9\n", "nnn")
shape(R, "delimiters at the end of every line", "a,b,\n1,2,\n3,4,\n", "nn", "the empty last column is no column; pandas makes one", names=["a", "b"], skip=1)
shape(R, "delimiters at the end of rows only", "a,b\n1,2,\n3,4,\n", "nn", "pandas takes the first column for an index then")
shape(R, "delimiters at the end of some rows", "a,b\n1,2,\n3,4\n", "nn")
shape(R, "blank lines", "\na,b\n\n1,2\n\n\n3,4\n\n", "nn")
shape(R, "lines of blanks", "a,b\n1,2\n   \n3,4\n\t\n", "nn", "pandas makes rows of missing values of them")
shape(R, "no line end at the end", "a,b\n1,2\n3,4", "nn")
shape(R, "line feeds and carriage returns", "a,b\r\n1,2\r\n3,4\r\n", "nn")
shape(R, "carriage returns alone", "a,b\r1,x\r2,y\r", "nc")
shape(R, "mixed line ends", "a,b\r\n1,2\n3,4\r\n5,6\n", "nn")
shape(R, "blank lines before a ragged row", 'a,b\n1,2\n\n\n3\n"x\ny",4\n5\n', "cn", "lines are those of the file, not rows", values={"a": ["1", "x\ny"]})
shape(R, "comments above the header", "# made by a tool\n# on monday\na,b\n1,2\n3,4\n", "nn", "pandas has to be told", comment="#", reading={"comment": "#"})
shape(R, "comments among the rows", "a,b\n1,2\n# a note\n3,4\n5\n", "nn", comment="#")
shape(R, "comments by another sign, as given", "a,b\n1,2\n% a, note\n3,4\n", "nn", comment="%", options={"comment": "%"})
shape(R, "hashes that are values", "tag,n\n#one,1\n#two,2\n", "cn", reading={"comment": "none"})
shape(
    R,
    "no row fits",
    "a,b,c\n1,2\n3,4\n",
    error='None of the 2 rows of "f.csv" fits its header: the header has 3 fields and the row at line 2 has 2. Check the delimiter and the header.',
)
HEADER_ONLY = '"f.csv" has a header line and no rows. Choose a file with at least one row.'
shape(R, "a header and nothing else", "a,b,c\n", error=HEADER_ONLY)
shape(R, "a header and blank lines", "a,b,c\n\n\n", error=HEADER_ONLY)
shape(R, "nothing", "", error=EMPTY)
shape(R, "line ends and nothing else", "\r\n\n \n", error=EMPTY)
shape(R, "text behind a closing quotation mark", 'a,b\n"x"y,1\nz,2\n', "cn", "as in Python's csv module, it belongs to the field")
shape(R, "many ragged rows", "a,b\n1,2\n" + "3\n" * 150, "nn", "a hundred are listed, all are counted")
shape(R, "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", error='"f.csv" looks like a PNG image, not a CSV file. Choose a CSV file.')
shape(
    R,
    "a spreadsheet",
    b"PK\x03\x04\x14\0\x06\0\x08\0",
    error='"f.csv" looks like a spreadsheet or ZIP archive, not a CSV file. Open it in a spreadsheet and save it as CSV, or unpack it and '
    "choose the CSV file inside.",
)
shape(R, "a web page", "<!DOCTYPE html><html><p>a,b", error='"f.csv" looks like a web page, not a CSV file. Download the CSV file itself.')

# --- numbers -----------------------------------------------------------------------------------------------------------------------------
N = "numbers"


def column(*cells, head="x", other=None):
    """A file of one column, or of two."""
    text = lambda cell: '"' + cell + '"' if "," in cell else cell
    if other is None:
        return head + "\n" + "".join(text(cell) + "\n" for cell in cells)
    return f"{head},{other[0]}\n" + "".join(f"{text(cell)},{text(more)}\n" for cell, more in zip(cells, other[1]))


shape(N, "whole numbers", column("1", "-2", "+3", "0", "123456789012345678"), "n")
shape(N, "fractions", column("0.1", "-2.5", ".5", "5.", "0.30000000000000004"), "n", reading={"decimal": "point"})
shape(N, "exponents", column("1e3", "-1.5E-2", "2.5e+10", "1e-320"), "n")
shape(N, "infinities", column("1", "inf", "-inf", "Infinity", "-INFINITY"), "n")
shape(N, "separated thousands", column("1,234", "12,345.5", "1,234,567", "999"), "n", "pandas has to be told", numbers={"x": {"thousands": ","}})
shape(
    N,
    "thousands or decimal commas",
    column("1,234", "5,678", "999"),
    "n",
    "in a file of commas they set thousands apart, with a notice; pandas leaves texts",
    numbers={"x": {"thousands": ","}},
    of_column={
        "x": [
            'The commas of column "x" are read as setting thousands apart: 1,234 is 1234. If they are decimal commas, choose the comma as '
            "decimal sign."
        ]
    },
)
shape(
    N,
    "thousands or decimal commas between semicolons",
    "x;n\n1,234;1\n5,678;2\n",
    "nn",
    "in a file of semicolons they are decimal commas, with a notice",
    delimiter=";",
    numbers={"x": {"decimal": ","}},
    of_column={
        "x": [
            'The commas of column "x" are read as decimal commas: 1,234 is a little more than 1. If they set thousands apart, choose the '
            "point as decimal sign."
        ]
    },
)
COMMA = {"decimal": ",", "thousands": "."}
shape(N, "decimal commas", "x;y\n1,5;0,25\n-2,75;,5\n3;1e3\n", "nn", delimiter=";", numbers={"x": COMMA, "y": COMMA}, reading={"decimal": "comma"})
shape(N, "decimal commas and thousands", "x;y\n1.234,56;1\n2.345.678,9;2\n12,5;3\n", "nn", delimiter=";", numbers={"x": COMMA})
shape(
    N,
    "points that follow the other columns",
    "x;y\n1.234;1,5\n2.345;2,5\n",
    "nn",
    delimiter=";",
    numbers={"x": COMMA, "y": COMMA},
    of_column={
        "x": [
            'The points of column "x" are read as setting thousands apart, as other columns have decimal commas: 1.234 is 1234. If they are '
            "decimal points, choose the point as decimal sign."
        ]
    },
)
shape(N, "points with three digits behind", column("1.234", "2.345", "0.5"), "n", "a point is a decimal point")
shape(N, "decimal commas in a file of commas", 'x,n\n"0,5",1\n"1,25",2\n', "nn", numbers={"x": COMMA})
shape(N, "each column its own", "x;y\n1,5;1.5\n2,5;2.25\n", "nn", delimiter=";", numbers={"x": COMMA}, reading={"decimal": "by column"})
shape(N, "thousands by blanks", "x;y\n1 234;1 234,5\n12 345;2\u00a0345,25\n1\u202f000;3\n", "nn", delimiter=";", numbers={"x": {"thousands": " "}, "y": {"decimal": ",", "thousands": " "}})
shape(N, "thousands by apostrophes", column("1'234.5", "12'345'678", "1\u2019000"), "n", numbers={"x": {"thousands": "'"}})
shape(N, "groups that are no thousands", column("1,23", "12,34,567", "1,2,3"), "c", "not grouped by threes, so they are texts")
shape(
    N,
    "decimal commas as given",
    'x\n"1,234"\n"2,345"\n',
    "n",
    numbers={"x": {"decimal": ","}},
    options={"decimal": "comma"},
    reading={"decimal": "comma"},
)
shape(N, "thousands as given", 'x;n\n1,234;1\n2,345;2\n', "nn", delimiter=";", numbers={"x": {"thousands": ","}}, options={"thousands": "comma"})
shape(N, "no thousands, as given", 'x,n\n"1,234,567",1\n"2,345,678",2\n', "cn", options={"thousands": "none"})
shape(
    N,
    "scores as percentages",
    column("45%", "7 %", "100%", head="score"),
    "n",
    "named like a score, so 45 % is 0.45; pandas leaves texts",
    of_column={"score": ["3 percentages of column \"score\" are divided by 100: 45 % is 0.45."]},
)
shape(
    N,
    "percentages with fractions",
    column("12.5%", "7%", "0.1%"),
    "n",
    of_column={"x": ['3 percentages of column "x" are divided by 100: 45 % is 0.45.']},
)
shape(N, "whole percentages are levels", column("10%", "20%", "10%", head="size"), "c", "they mostly name classes of size, as in pandas")
shape(
    N,
    "percentages among plain numbers",
    column("45%", "0.5", "0.25", head="score"),
    "n",
    of_column={
        "score": ['1 percentage of column "score" is divided by 100: 45 % is 0.45. The other 2 numbers have no percent sign and stay as they are.']
    },
)
shape(N, "money", column("$5", "$1,234.50", "-$3", head="income"), "n", "pandas leaves texts", numbers={"income": {"thousands": ","}}, values={"income": [5.0, 1234.5, -3.0]})
shape(N, "money behind the number", "x;n\n12 €;1\n1.234,50 €;2\n", "nn", delimiter=";", numbers={"x": COMMA})
shape(
    N,
    "several currencies",
    column("$5", "€6", "$7"),
    "c",
    of_column={"x": ['Column "x" has amounts in several currencies, which are not compared: they are read as texts.']},
)
shape(N, "leading zeros name things", column("007", "0123", "99"), "c", "pandas drops the zeros")
shape(N, "a code among numbers", "x\n" + "5\n" * 19 + "007\n", "n", "of 20 values 19 are numbers; pandas reads 7", values={"x": [5.0] * 19 + [None]})
shape(N, "95 percent are numbers", "x\n" + "1\n" * 50 + "2\n" * 45 + "high\n" * 5, "n", "pandas makes a column of texts")
shape(N, "94 percent are numbers", "x\n" + "1\n" * 50 + "2\n" * 44 + "high\n" * 6, "c")
shape(N, "a late value breaks the kind", "x,y\n" + "1,a\n" * 400 + "high,b\n", "nc")
shape(N, "question marks among numbers", column("1", "?", "3", "?"), "n", "missing in a column of numbers; pandas makes texts of it")
shape(N, "question marks among texts", column("a", "?", "b", "?"), "c", "a level like others, as in the Adult data")
shape(N, "the minus of typography", column("\u22125", "5", "\u22120.5"), "n", "pandas leaves texts")
shape(N, "other ways to write numbers", column("0x10", "1_000", "١٢", "1e"), "c")
shape(N, "network addresses and versions", column("10.0.0.1", "192.168.1.10", "1.2.3"), "c")

# --- dates and times ---------------------------------------------------------------------------------------------------------------------
T = "dates and times"
shape(T, "iso dates", column("2018-10-30", "2020-02-29", "1969-12-31", head="d"), "t")
shape(T, "iso times", column("2018-10-30 18:00:05", "2018-10-30T18:00", "2018-10-30 18:00:05.25", head="d"), "t")
shape(T, "zones and offsets", column("2018-10-30T18:00:00Z", "2018-10-30T20:00:00+02:00", "2018-10-30 16:30:00-0130", head="d"), "t")
shape(T, "utc in letters", column("2018-10-30 18:00:00 UTC", "2018-10-30 18:00:00 GMT", head="d"), "t")
shape(T, "day first with points", column("30.10.2018", "3.4.2018", head="d"), "t", "points always put the day first where that is a date", times={"d": {"format": "%d.%m.%Y"}})
shape(
    T,
    "day first with slashes",
    column("30/10/2018", "03/04/2018", "31/12/2019", head="d"),
    "t",
    "one date that is no other settles it for all rows; pandas warns and mixes",
    times={"d": {"format": "%d/%m/%Y"}},
    reading={"dates": "day-first"},
)
shape(T, "month first with slashes", column("10/30/2018", "03/04/2018", head="d"), "t", times={"d": {"format": "%m/%d/%Y"}}, reading={"dates": "month-first"})
MONTH = 'The dates of column "d" are read with the month first: 03/04/2018 is the 4th of March. No date tells; if the day comes first, choose so.'
DAY = 'The dates of column "d" are read with the day first: 03/04/2018 is the 3rd of April. No date tells; if the month comes first, choose so.'
shape(
    T,
    "day or month first",
    column("03/04/2018", "05/06/2018", head="d"),
    "t",
    "no date tells; the month first, as in ISO 8601 and pandas, with a notice",
    times={"d": {"format": "%m/%d/%Y"}},
    of_column={"d": [MONTH]},
)
shape(T, "the day settled at the end", "d,n\n" + "03/04/2018,1\n" * 300 + "13/04/2018,1\n", "tn", times={"d": {"format": "%d/%m/%Y"}})
shape(
    T,
    "day first in a file of decimal commas",
    "d;x\n03/04/2018;1,5\n05/06/2018;2,5\n",
    "tn",
    delimiter=";",
    numbers={"x": COMMA},
    times={"d": {"format": "%d/%m/%Y"}},
    of_column={"d": [DAY]},
)
shape(
    T,
    "day first as another column",
    "d,e\n03/04/2018,30/10/2018\n05/06/2018,31/10/2018\n",
    "tt",
    times={"d": {"format": "%d/%m/%Y"}, "e": {"format": "%d/%m/%Y"}},
    of_column={"d": [DAY]},
)
shape(T, "day first as given", column("03/04/2018", "05/06/2018", head="d"), "t", times={"d": {"format": "%d/%m/%Y"}}, options={"dates": "day-first"})
shape(
    T,
    "more dates with the day first",
    "d\n" + "30/10/2018\n" * 39 + "10/30/2018\n",
    "t",
    "the rarer order counts as wrong; pandas would mix the two",
    times={"d": {"format": "%d/%m/%Y"}},
)
shape(T, "hyphens and day first", column("30-10-2018", "01-02-2018", head="d"), "t", times={"d": {"format": "%d-%m-%Y"}})
shape(T, "years first with slashes", column("2018/10/30", "2018/1/5", head="d"), "t")
shape(T, "english months", column("30-Oct-2018", "1 January 2019", "Oct 30, 2018", "30OCT2018", head="d"), "t")
shape(T, "years of two digits", column("30/10/18", "01/02/69", head="d"), "t", times={"d": {"format": "%d/%m/%y"}})
shape(T, "morning and afternoon", column("10/30/2018 6:05 PM", "10/30/2018 12:30 AM", head="d"), "t", times={"d": {"format": "%m/%d/%Y %I:%M %p"}})
shape(T, "as a browser writes it", column("10/30/2018, 6:05:09 PM", head="d"), "t", times={"d": {"format": "%m/%d/%Y, %I:%M:%S %p"}})
shape(T, "day first with a time", column("30.10.2018 18:00", "31.10.2018 07:30", head="d"), "t", times={"d": {"format": "%d.%m.%Y %H:%M"}})
shape(T, "eight digits in a column named like a date", column("20181030", "20190101", head="date"), "t", "pandas reads numbers", times={"date": {"format": "%Y%m%d"}})
shape(T, "eight digits in a column that ends like a date", column("20181030", "20190101", head="order_date"), "t", times={"order_date": {"format": "%Y%m%d"}})
shape(T, "eight digits in another column", column("20181030", "20190101", head="code"), "n", "only a column named like a time holds times in numbers")
shape(T, "seconds since 1970", column("1540922400", "1540922401.25", head="timestamp"), "t", "pandas reads numbers", times={"timestamp": {"unit": "s"}})
shape(T, "milliseconds since 1970", column("1540922400000", "1540922400250", head="created_at"), "t", times={"created_at": {"unit": "ms"}})
shape(T, "microseconds since 1970", column("1540922400000000", "1540922400250001", head="ts"), "t", values={"ts": [1540922400000000, 1540922400250001]})
shape(T, "nanoseconds since 1970", column("1540922400000000000", "1540922400250001999", head="ts"), "t", "what lies below a microsecond is dropped", values={"ts": [1540922400000000, 1540922400250001]})
shape(T, "seconds in a column of another name", column("1540922400", "1540922401", head="x"), "n")
shape(T, "seconds in a column given as the time", column("1540922400", "1540922401", head="x"), "t", times={"x": {"unit": "s"}}, options={"times": ["x"]})
shape(T, "small numbers in a column named like a time", column("0.5", "12", head="time"), "n", "a duration, not a moment")
shape(T, "a wrong date among dates", "d\n" + "2018-10-30\n" * 19 + "soon\n", "t", "pandas makes a column of texts")
shape(T, "days that do not exist", column("2018-02-30", "2018-13-01", head="d"), "c")
shape(T, "times without a date", column("18:00", "07:30", head="d"), "c")
shape(T, "missing times", column("2018-10-30", "", "?", "NA", "2018-10-31", head="d"), "t")

# --- booleans and missing markers --------------------------------------------------------------------------------------------------------
B = "booleans and missing markers"
shape(B, "true and false", column("true", "false", "true", head="y"), "b")
shape(B, "spellings of one word", column("True", "FALSE", "TRUE", "false", head="y"), "b", "the first spelling stands for all; pandas leaves texts", values={"y": ["True", "FALSE", "True", "FALSE"]})
shape(B, "yes and no", column("yes", "no", "No", head="y"), "b", values={"y": ["yes", "no", "no"]})
shape(B, "t and f", column("t", "f", "t", head="y"), "b")
shape(B, "y and n", column("Y", "N", "Y", head="y"), "b")
shape(B, "on and off", column("on", "off", "on", head="y"), "b")
shape(B, "one letter alone", column("F", "F", head="sex"), "c", "a column of F alone may be a sex")
shape(B, "one word alone", column("yes", "yes", head="y"), "b")
shape(B, "zero and one", column("0", "1", "1", head="y"), "n", "numbers, as in pandas")
shape(B, "words of other languages", column("ja", "nein", "ja", head="y"), "c", "two levels serve as well")
shape(B, "two pairs mixed", column("true", "no", "yes", head="y"), "c")
shape(B, "words and numbers mixed", column("true", "1", "false", head="y"), "c")
shape(B, "a missing word", column("true", "", "false", "NA", head="y"), "b")
shape(B, "every usual marker", "x,i\n1,0\n" + "".join(f"{marker},{place}\n" for place, marker in enumerate(sorted(MISSING - {""}))) + ",9\n", "nn")
shape(B, "markers among texts", column("a", "None", "null", "n/a", "-", "b"), "c", "as pandas, but for the hyphen")
shape(B, "what is no marker", column("a", "missing", "--", "Na", "unknown"), "c")
shape(B, "blanks are missing", "x,n\n  ,1\na,2\n\t,3\n", "cn", "pandas keeps blanks in texts", values={"x": [None, "a", None]})
shape(B, "quoted and empty", 'x,n\n"",1\na,2\n', "cn")
shape(B, "a column without values", "x,n\n,1\nNA,2\n", "en")
shape(B, "markers as given", column("1", "-999", "3"), "n", missing=["-999"], options={"missing": "-999"})
shape(B, "usual markers and one more", column("1", "-999", "NA", "3"), "n", missing=sorted(MISSING | {"-999"}), options={"missing": "usual,-999"})
shape(B, "a level called none", column("None", "some", "None", head="degree"), "c", missing=[], options={"missing": ""})
shape(B, "a question mark as given", column("a", "?", "b"), "c", missing=["?"], options={"missing": "?"})
shape(B, "given markers replace the usual ones", column("x", "NA", "y"), "c", missing=["."], options={"missing": "."})
shape(B, "a quoted marker", 'x,n\n"NA",1\na,2\n', "cn", "missing, as in pandas")

# --- headers -----------------------------------------------------------------------------------------------------------------------------
H = "headers"
shape(H, "plain names", FIVE, "cnn", reading={"header": "yes"})
shape(H, "no header", "1,2.5\n3,4.5\n", "nn", "pandas has to be told", names=["column 1", "column 2"], notices=['The first line holds values and no names; the columns are called "column 1" to "column 2".'], reading={"header": "no"})
shape(H, "no header above texts and dates", "x,1,2020-01-01\ny,2,2020-01-02\n", "cnt", names=["column 1", "column 2", "column 3"], notices=['The first line holds values and no names; the columns are called "column 1" to "column 3".'])
shape(H, "no header, as given", "a,b\nc,d\n", "cc", names=["column 1", "column 2"], options={"header": "no"}, notices=['The first line holds values and no names; the columns are called "column 1" to "column 2".'])
shape(H, "no header in one column", "5\n6\n", "n", names=["column 1"], notices=['The first line holds a value and no name; the column is called "column 1".'])
shape(H, "a header of numbers, as given", "1,2\n3,4\n5,6\n", "nn", options={"header": "yes"})
shape(H, "years among the names", "id,2018,2019\n5,6,7\n8,9,10\n", "nnn")
shape(H, "names that count", "0,1,2,3\n5,6,7,8\n1,2,3,9\n", "nnnn", "as pandas writes columns without names")
shape(H, "texts only", "a,b\nx,y\nx,z\n", "cc")
shape(
    H,
    "names that repeat",
    "a,b,a,a\n1,2,3,4\n5,6,7,8\n",
    "nnnn",
    "pandas calls them a.1 and a.2",
    names=["a", "b", "a (2)", "a (3)"],
    skip=1,
    notices=[
        'Column 3 has the same name as column 1, "a"; it is called "a (2)".',
        'Column 4 has the same name as column 1, "a"; it is called "a (3)".',
    ],
)
shape(
    H,
    "names that are empty",
    "a,,b\n1,2,3\n5,6,7\n",
    "nnn",
    "pandas calls it Unnamed: 1",
    names=["a", "column 2", "b"],
    skip=1,
    notices=['Column 2 has no name; it is called "column 2".'],
)
shape(
    H,
    "an index without a name",
    ",a\n0,5\n1,6\n",
    "nn",
    names=["column 1", "a"],
    skip=1,
    notices=['Column 1 has no name; it is called "column 1".'],
)
shape(
    H,
    "an empty name and a column of that number",
    "column 2,\n1,x\n2,y\n",
    "nc",
    names=["column 2", "column 2 (2)"],
    skip=1,
    notices=['Column 2 has no name; it is called "column 2 (2)".'],
)
shape(H, "blanks around names", " a , b \n1,x\n2,y\n", "nc")
shape(H, "names with delimiters and line ends", '"a,b","c\nd"\n1,x\n2,y\n', "nc", names=["a,b", "c\nd"], skip=1)
shape(H, "names in many scripts", "größe,年龄,имя\n1,2,x\n3,4,y\n", "nnc")
shape(H, "names that look like markup", "<b>a</b>,=1+1\n1,x\n2,y\n", "nc")
shape(H, "a mark before a quoted name", b'\xef\xbb\xbf"a","b"\n1,x\n2,y\n', "nc")
shape(H, "a hash before the first name", "#id,b\n1,x\n2,y\n", "nc", "not a comment: it has as many fields as the rows")
shape(H, "names in another case are others", "a,A\n1,x\n2,y\n", "nc")
shape(H, "blank lines above", "\n\na,b\n1,x\n2,y\n", "nc")

# --- sizes and compression ---------------------------------------------------------------------------------------------------------------
S = "sizes and compression"
shape(S, "gzip", packed(FIVE), "cnn", file="f.csv.gz", reading={"compression": "gzip"})
shape(S, "gzip in several members", packed("a,b\n1,") + packed("2\n") + packed("") + packed("3,4\n"), "nn", file="f.csv.gz")
shape(S, "gzip with zeros behind", packed("a,b\n1,2\n") + b"\0" * 512, "nn", file="f.csv.gz")
shape(S, "gzip of utf-16", packed(b"\xff\xfe" + ACCENTS.encode("utf-16le")), "ccn", file="f.csv.gz", encoding="utf-16")
shape(S, "gzip of windows-1252", packed(ACCENTS.encode("cp1252")), "ccn", file="f.csv.gz", encoding="cp1252")
shape(
    S,
    "gzip cut off",
    packed("a,b\n1,2\n3,4\n")[:-8],
    file="f.csv.gz",
    error='"f.csv.gz" ends before its packed data does, after 3 lines (12 bytes of text). Get the file again, whole, or unpack what there is.',
)
damaged = bytearray(packed("a,b\n1,2\n3,4\n"))
damaged[-6] ^= 1
shape(
    S,
    "gzip with a wrong sum",
    bytes(damaged),
    file="f.csv.gz",
    error='"f.csv.gz" is damaged, after 3 lines (12 bytes of text). Get the file again, whole, or unpack what there is.',
)
shape(
    S,
    "gzip with something behind",
    packed("a,b\n1,2\n") + b"tail",
    file="f.csv.gz",
    error=f'"f.csv.gz" holds something else behind its packed data, from byte {len(packed("a,b" + chr(10) + "1,2" + chr(10))) + 1} on. '
    "Unpack it and choose the CSV file inside.",
)
shape(S, "gzip of nothing", packed(b""), file="f.csv.gz", error='"f.csv.gz" is empty. Choose a CSV file with a header line and at least one row.')
shape(
    S,
    "gzip of a picture",
    packed(b"\x89PNG\r\n\x1a\n\0\0"),
    file="f.csv.gz",
    error='"f.csv.gz" looks like a PNG image, not a CSV file. Choose a CSV file.',
)
TOO_LONG = "is longer than 16777216 bytes. Check the line ends and quotation marks near it."
shape(
    S,
    "gzip of one endless row",
    packed(b"a,b\n" + b"0" * (40 << 20)),
    file="f.csv.gz",
    error=f'The row at line 2 of "f.csv.gz" {TOO_LONG}',
    why="forty megabytes in forty kilobytes; no more of it is unpacked than a row may have",
)
shape(
    S,
    "one endless row",
    b"",
    parts=[{"text": "a,b\n1,2\n", "times": 1}, {"text": "0123456789abcdef", "times": (17 << 20) // 16}],
    error=f'The row at line 3 of "f.csv" {TOO_LONG}',
)
shape(
    S,
    "an endless quoted field",
    b"",
    parts=[{"text": 'a,b\n1,2\n3,"x\n', "times": 1}, {"text": "5,6\n", "times": (17 << 20) // 4}],
    error='The quotation mark that opens on line 3 of "f.csv" is never closed. Close it, or double it where it is part of the text.',
)
shape(S, "one row and one column", "a\n5\n", "n")
shape(S, "a hundred rows", "a,b\n" + "".join(f"{row},{row % 7}\n" for row in range(100)), "nn")
shape(
    S,
    "a hundred thousand rows",
    b"",
    parts=[{"text": "a,b,c\n", "times": 1}, {"text": "1,x,2020-01-01\n", "times": 100_000}],
    loose=True,
    rows=100_000,
    width=3,
    values=[
        {"name": "a", "kind": "numeric", "levels": ["1"], "missing": 0, "invalid": 0},
        {"name": "b", "kind": "categorical", "levels": ["x"], "missing": 0, "invalid": 0},
        {"name": "c", "kind": "time", "levels": ["2020-01-01"], "missing": 0, "invalid": 0},
    ],
)
shape(
    S,
    "three thousand columns",
    b"",
    parts=[
        {"numbered": "c", "from": 1, "to": 3000, "between": ",", "times": 1},
        {"text": "\n", "times": 1},
        {"numbered": "", "from": 1, "to": 3000, "between": ",", "times": 1},
        {"text": "\n", "times": 1},
    ],
    loose=True,
    rows=1,
    width=3000,
    values=[{"name": "c3000", "kind": "numeric", "levels": ["3000"], "missing": 0, "invalid": 0}],
)
shape(
    S,
    "a hundred thousand columns",
    b"",
    parts=[
        {"numbered": "c", "from": 1, "to": 100_000, "between": ",", "times": 1},
        {"text": "\n", "times": 1},
        {"numbered": "", "from": 1, "to": 100_000, "between": ",", "times": 1},
        {"text": "\n", "times": 1},
    ],
    why="both rows are longer than what is looked at before the reading",
    loose=True,
    rows=1,
    width=100_000,
    values=[{"name": "c100000", "kind": "numeric", "levels": ["100000"], "missing": 0, "invalid": 0}],
)
shape(
    S,
    "a cell of a megabyte",
    b"",
    parts=[{"text": 'a,b\n"', "times": 1}, {"text": "0123456789abcdef", "times": 1 << 16}, {"text": '",1\nx,2\n', "times": 1}],
    loose=True,
    rows=2,
    width=2,
    values=[{"name": "b", "kind": "numeric", "levels": ["1", "2"], "missing": 0, "invalid": 0}],
)
shape(S, "mostly different texts", "t,n\n" + "".join(f"note {row},1\n" for row in range(300)), "xn", "free text is not kept")
shape(S, "two hundred different texts", "t,n\n" + "".join(f"note {row},1\n" for row in range(200)), "cn")

# --- JSON Lines --------------------------------------------------------------------------------------------------------------------------
J = "json lines"


def lines(name, text, kinds, names, why="", **more):
    """A file of JSON Lines: its rows by Python's json module."""
    found, aside = [], more.pop("set_aside", [])
    bad = {line for line, _ in aside}
    for line, part in enumerate(text.split("\n"), 1):
        if not part.strip() or line in bad:
            continue
        row = json.loads(part, parse_float=lambda number: number, parse_int=lambda number: number)

        def cell(value):
            if value is None:
                return ""
            if isinstance(value, bool):
                return "true" if value else "false"
            return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))

        found.append((line, [cell(row.get(key)) for key in names]))
    shape(J, name, text, kinds, why, file="f.jsonl", names=names, rows=found, set_aside=aside, **more)


lines("objects", '{"a":1,"b":"x"}\n{"a":2.5,"b":"y"}\n', "nc", ["a", "b"], reading={"format": "json-lines"})
lines("keys in another order", '{"a":1,"b":"x"}\n{"b":"y","a":2}\n', "nc", ["a", "b"])
lines("keys that come late", '{"a":1}\n{"a":2}\n{"a":3,"b":"x"}\n', "nc", ["a", "b"])
lines("keys that stay away", '{"a":1,"b":2}\n{"b":3}\n{"a":4}\n', "nn", ["a", "b"])
lines("null is missing", '{"a":null,"b":1}\n{"a":"x","b":2}\n', "cn", ["a", "b"])
lines("true and false as values", '{"a":true}\n{"a":false}\n', "b", ["a"])
lines("nested values are texts", '{"a":{"k":[1,"x"]},"b":1}\n{"a":[],"b":2}\n', "cn", ["a", "b"], values={"a": ['{"k":[1,"x"]}', "[]"]})
lines("numbers in strings", '{"a":"5"}\n{"a":6}\n', "n", ["a"], "as in a CSV file, and as pandas does")
lines("leading zeros in strings", '{"zip":"00501"}\n{"zip":"10001"}\n', "c", ["zip"], "pandas drops the zeros")
lines("times in strings", '{"d":"2018-10-30T18:00:00Z"}\n{"d":"2018-10-31"}\n', "t", ["d"])
lines("escapes", '{"a":"\\u00e9\\n\\"\\ud83d\\ude42"}\n{"a":"é"}\n', "c", ["a"])
lines("a key twice", '{"a":1,"a":2}\n{"a":3}\n', "n", ["a"], "the last one counts, as in Python")
lines("blank lines and line ends", '\r\n{"a":1}\r\n\r\n{"a":2}', "n", ["a"])
lines("a mark at the start", '\ufeff{"a":1}\n{"a":2}\n'.lstrip("\ufeff"), "n", ["a"])
lines(
    "lines that are broken",
    '{"a":1}\n{"a":2\nhello\n{"a":3}\n[4]\n',
    "n",
    ["a"],
    "pandas stops at the first",
    set_aside=[[2, "is broken JSON at character 7"], [3, "is not a JSON object"], [5, "is not a JSON object"]],
    notices=["3 lines are not JSON objects and were set aside (first at line 2)."],
)
lines("a kind that turns out late", "".join('{"a":"%d"}\n' % row for row in range(30)) + '{"a":"x"}\n' * 30, "c", ["a"])
shape(J, "gzip of json lines", packed('{"a":1}\n{"a":2}\n'), "n", file="f.jsonl.gz", names=["a"], rows=[(1, ["1"]), (2, ["2"])])
shape(
    J,
    "an array of objects",
    '[{"a":1},\n{"a":2}]\n',
    file="f.json",
    error='"f.json" looks like a JSON array, not a CSV file. Write one object a line (JSON Lines), or export it as CSV.',
)
shape(
    J,
    "an object over several lines",
    '{\n  "a": 1\n}\n',
    file="f.json",
    error='"f.json" looks like JSON, not a CSV file. Write one object a line (JSON Lines), or export it as CSV.',
)
shape(
    J,
    "json lines as given, without any object",
    "hello\nworld\n",
    options={"format": "json-lines"},
    error='None of the 2 lines of "f.csv" is a JSON object: line 1 is not a JSON object. Write one object a line, or choose a CSV file.',
)
shape(
    J,
    "json lines have no delimiter",
    '{"a":1}\n',
    options={"format": "json-lines", "delimiter": "tab"},
    error="The file cannot be read as asked: JSON Lines has no delimiter, quotation marks, comments or header line of its own to choose. "
    "Take one of the two back.",
)

if __name__ == "__main__":
    names = [(entry["family"], entry["name"]) for entry in SHAPES]
    assert len(set(names)) == len(names), "two shapes have one name"
    target = pathlib.Path(__file__).with_name("shapes.json")
    body = ",\n".join(json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in SHAPES)
    target.write_text("[\n" + body + "\n]\n", encoding="utf-8")
    families = {}
    for family, _ in names:
        families[family] = families.get(family, 0) + 1
    print(len(names), "shapes:", families)
