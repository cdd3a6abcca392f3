//! The table is the same whatever the blocks, their order and their number at once; and it is that of the slow and plain way.

use proptest::prelude::*;

use super::super::block::parse_block;
use super::oracle;
use super::*;
use crate::data::{Column, Intake, Kind, Notice, NoticeCode, Values};

/// Reads a file in blocks of any size, several under way, that come back in an order drawn from `seed`; every message goes as bytes.
fn read(bytes: &[u8], block: u64, ahead: u64, mut seed: u64) -> Result<Table, DataError> {
    let size = (ahead > 1 || seed.is_multiple_of(2)).then_some(bytes.len() as u64);
    let mut coordinator = Coordinator::with_blocks("f.csv", size, Pieces { block, ahead });
    loop {
        match coordinator.open(&bytes[..bytes.len().min(coordinator.window() as usize)])? {
            Opening::More => {}
            Opening::Ready => break,
            Opening::InOrder => panic!("it is not plain"),
        }
    }
    let mut out: Vec<Job> = Vec::new();
    let mut jobs = 0;
    loop {
        while let Some(job) = coordinator.next_job() {
            assert_eq!(Job::from_bytes(&job.to_bytes()).as_ref(), Some(&job));
            out.push(job);
            jobs += 1;
        }
        if let Some(table) = coordinator.table() {
            assert!(out.is_empty());
            assert!(jobs < 100 + 40 * (bytes.len() as u64 / block + 1), "{jobs} jobs");
            return Ok(table);
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let job = out.swap_remove((seed >> 33) as usize % out.len());
        let text = &bytes[(job.from as usize).min(bytes.len())..(job.to as usize).min(bytes.len())];
        let parsed = parse_block(text, &job);
        let back = ParsedBlock::from_bytes(&parsed.to_bytes()).expect("it was written so");
        assert_eq!(back.to_bytes(), parsed.to_bytes());
        coordinator.accept(back)?;
    }
}

/// A column with its values as numbers that equal themselves.
type Plain = (String, Kind, u64, u64, Vec<u64>, Vec<String>);

/// A comparable form of a table, without what takes the file as a whole.
#[derive(Debug, PartialEq)]
struct Shown {
    intake: Intake,
    rows: usize,
    columns: Vec<Plain>,
    notices: Vec<Notice>,
    preview: Vec<Vec<String>>,
}

fn shown(table: Result<Table, DataError>, with_notices: bool) -> Result<Shown, DataError> {
    let plain = |column: Column| {
        let (numbers, names): (Vec<u64>, _) = match column.values {
            Values::Numeric(values) => (values.iter().map(|value| value.to_bits()).collect(), Vec::new()),
            Values::Levels(levels) => (levels.codes.iter().map(u64::from).collect(), levels.names),
            Values::Time(times) => (times.iter().map(|time| time as u64).collect(), Vec::new()),
            Values::None => (Vec::new(), Vec::new()),
        };
        (column.name, column.kind, column.missing, column.invalid, numbers, names)
    };
    table.map(|table| Shown {
        intake: Intake {
            fingerprint: String::new(),
            ..table.intake
        },
        rows: table.rows,
        columns: table.columns.into_iter().map(plain).collect(),
        notices: if with_notices { table.notices } else { Vec::new() },
        preview: table.preview,
    })
}

/// Compares many ways of reading with each other and with the plain one.
fn check(bytes: &[u8]) {
    let Some(expected) = oracle::read(bytes) else { return };
    let expected = shown(expected, false);
    let whole = read(bytes, 1 << 20, 1, 0);
    assert_eq!(shown(whole.clone(), false), expected, "{:?}", String::from_utf8_lossy(bytes));
    let whole = shown(whole, true);
    for (block, ahead, seed) in [
        (4, 1, 0),
        (5, 3, 1),
        (16, 1, 1),
        (16, 4, 2),
        (17, 2, 3),
        (23, 1, 4),
        (50, 8, 5),
        (64, 3, 6),
        (200, 2, 7),
    ] {
        let found = shown(read(bytes, block, ahead, seed), true);
        assert_eq!(
            found,
            whole,
            "blocks of {block}, {ahead} ahead: {:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn hostile_texts_are_read_alike() {
    let long = "x".repeat(300);
    for text in [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,\"2\r\n2\"\r\n3,4\r\n\r\n\r\n5,6",
        "a,b\r1,2\r\r3,4\r5\r6,7",
        "\u{feff}a,b\n1,2\n",
        "a,b\n\"x\"\"y\",\"z\n\n\nz\"\n1,2\n3\n",
        "a,b\nx\"y,z\"\n\"p\"q\"r\",s\n,\n\"\",\"\"\n",
        "a\n \n1\n\n\"\"\n2\n",
        "a,b\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n1,2\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
        "a,b\n1,2\n3,\"4\n5,6\n7,8\n9,10\n11,12\n",
        "\"a,b\n1,2\n3,4\n5,6\n",
        "a,é\n中,🙂\n🙂🙂🙂🙂🙂🙂🙂,é\n",
        "a,b\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n1\n1,2\n",
        "a,b,\n1,2,\n3,4,\n",
        "a,b,c\nx,1,2020-01-01\ny,2,2020-01-02\nx,z,\n",
        &format!("a,b\n{long},1\n{long},2\n\"{long}\n{long}\",3\n4,5\n"),
        &format!("a,b\n1,\"{}\"\n3,4\n", "1,2\n".repeat(80)),
        &format!("a,b\n{}1,2\n", "3,\"\"\"\n".repeat(50)),
        "a,b\n1,2\n\"\"\"\n\"\"\n\",3\n",
        "a;b\n1;2\n",
        "a,b\n   \n1,2\n\"  \"\n",
        "a,b",
        "# one\n# two, \"three\na,b\n# four\n1,2\n\n#five\n3,4\n5\n# six",
        "sep=;\na;b\n1;2\n3\n",
        "1,2\n3,4\n5\n6,7,\n8,9,\"\"\n8,9,1\n",
        "a|'b|\n'|c\n1|'2''|'|3\n4|5|'6\n'\n",
        "a,b\n\"x\\\"y, z\",1\n\"x\\\"\n, z\",2\n",
        "a;b\n1,5;01/02/2020\n2,25;13/02/2020\n1.234,5;x\n-3;\n",
        "a,b\n1.234,5%\n2.345,?\n1540922400,\"1,234\"\n20181030,$5\n",
        "a,b\n1\n2\n",
        "",
        "\n\n",
    ] {
        check(text.as_bytes());
    }
}

#[test]
fn bytes_that_are_no_text_are_located_alike() {
    for bytes in [
        &b"\xc3\xa9,b\n1,2\n\xff,3\n4,5\n6,7\n8,9\n"[..],
        b"\xc3\xa9,b\n1,2\n3,4\n5,6\n7,\xe2\x82",
        b"a,b\n\xe2\x82\xac,\xe2\x82\xac\n\xe2\x82\xac,\xf0\x9f\x98\n1,2\n3,4\n",
        b"a,b\n1,\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xa9\n",
    ] {
        check(bytes);
    }
}

#[test]
fn a_kind_that_turns_out_late_is_read_again_alike() {
    let text = |first: &str, late: &str, times: usize| {
        format!(
            "a,b\n{}{}",
            format!("1,{first}\n").repeat(70_000),
            format!("1,{late}\n").repeat(times)
        )
    };
    for (first, late) in [
        ("1", "x"),
        ("", "1.5"),
        ("", "x"),
        ("", "2020-01-01"),
        ("2020-01-01", "7"),
        ("yes", "3"),
        ("007", "-"),
    ] {
        for times in [100, 10_000] {
            let text = text(first, late, times);
            let expected = shown(read(text.as_bytes(), 1 << 20, 1, 0), true);
            for (block, ahead) in [(1 << 14, 3), (1 << 17, 1)] {
                assert!(
                    shown(read(text.as_bytes(), block, ahead, 9), true) == expected,
                    "{first} then {late}"
                );
            }
        }
    }
}

#[test]
fn the_fingerprint_is_that_of_the_whole() {
    let text = format!("a,b\n{}", "1,2\n".repeat(20_000));
    for ahead in [1, 3] {
        let mut coordinator = Coordinator::new("f.csv", Some(text.len() as u64), Pieces { block: 4000, ahead });
        assert!(coordinator.open(text.as_bytes()) == Ok(Opening::Ready));
        while coordinator.table().is_none() {
            let Some(job) = coordinator.next_job() else { break };
            coordinator
                .accept(parse_block(&text.as_bytes()[job.from as usize..job.to as usize], &job))
                .unwrap();
        }
    }
    let table = read(text.as_bytes(), 4096, 3, 1);
    let fingerprint = blake3::hash(text.as_bytes()).to_hex().to_string();
    assert_eq!(table.unwrap().intake.fingerprint, fingerprint);
}

#[test]
fn the_first_rows_are_there_at_once() {
    let text = format!("name,age,when\n{}", "Ann,39,2020-01-01\nBob,,2020-01-02\n".repeat(100_000));
    let mut coordinator = Coordinator::new("f.csv", Some(text.len() as u64), Pieces::default());
    assert_eq!(coordinator.open(&text.as_bytes()[..256 << 10]), Ok(Opening::Ready));
    let table = coordinator.opened().unwrap();
    assert_eq!(table.columns[1].name, "age");
    assert_eq!(table.preview.len(), 20);
    assert!(table.rows > 10_000 && table.rows < 20_000);
    assert_eq!(table.notices[0].code, NoticeCode::MissingValues);
    let estimate = coordinator.estimate().unwrap();
    // Twice the widths of a level, a small number and a day.
    assert!((1_560_000..1_640_000).contains(&estimate), "{estimate}");
}

#[test]
fn columns_can_be_left_out_and_rows_drawn() {
    let text = format!("a,b,c\n{}", "1,x,2\n3,y,4\n5\n".repeat(5000));
    let run = |block, share| {
        let mut coordinator = Coordinator::new("f.csv", Some(text.len() as u64), Pieces { block, ahead: 2 });
        assert!(coordinator.open(text.as_bytes()) == Ok(Opening::Ready));
        coordinator.leave_out(&["b".to_owned(), "nobody".to_owned()]);
        coordinator.sample(Sample { share, seed: 7 });
        while let Some(job) = coordinator.next_job() {
            coordinator.accept(parse_block(&text.as_bytes()[job.from as usize..job.to as usize], &job))?;
        }
        Ok::<_, DataError>(coordinator.table().unwrap())
    };
    let table = run(1024, 0.3).unwrap();
    assert_eq!(
        table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        ["a", "c"]
    );
    assert_eq!(table.preview[0].len(), 2);
    assert!((2800..3200).contains(&table.rows), "{}", table.rows);
    assert_eq!(table.intake.rows_set_aside, 5000);
    assert_eq!(table, run(8192, 0.3).unwrap());
    assert_eq!(run(1024, 1.0).unwrap().rows, 10_000);
    assert_eq!(
        run(1024, 0.0).unwrap_err().to_string(),
        "None of the 10000 rows of \"f.csv\" was drawn. Draw a larger share."
    );
}

#[test]
fn a_quotation_mark_that_never_closes_is_told_soon() {
    let text = format!("a,b\n1,2\n3,\"{}", "4,5\n".repeat(10 << 20));
    let mut coordinator = Coordinator::new("f.csv", Some(text.len() as u64), Pieces { block: 1 << 20, ahead: 4 });
    assert_eq!(coordinator.open(&text.as_bytes()[..256 << 10]), Ok(Opening::Ready));
    let (mut read, mut out) = (0, Vec::new());
    let error = loop {
        out.extend(std::iter::from_fn(|| coordinator.next_job()));
        let job: Job = out.remove(0);
        read += job.to - job.from;
        if let Err(error) = coordinator.accept(parse_block(&text.as_bytes()[job.from as usize..job.to as usize], &job)) {
            break error;
        }
    };
    assert_eq!(
        error,
        DataError::UnclosedQuote {
            file: "f.csv".into(),
            line: 3
        }
    );
    assert!(read < 60 << 20, "{read} bytes were read");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    #[test]
    fn odd_texts_are_read_alike(text in "a,b\n([-x1.,;\"\n\r é ]|\"\"|\r\n|1,2\n|\",\"){0,90}") {
        check(text.as_bytes());
    }

    #[test]
    fn rows_of_odd_cells_are_read_alike(
        rows in proptest::collection::vec(("(1|2.5|-0|1e3|x|\"x,\ny\"|\"\"\"\"|| NA|2020-01-01|yes)", "(7|8.25| 9|\"9\"|12345678901)", "(No|yes|YES|\"no\")?"), 1..30),
        end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let mut text = format!("a,b,c{end}");
        rows.iter().for_each(|(a, b, c)| text.push_str(&format!("{a},{b},{c}{end}")));
        check(text.as_bytes());
    }

    #[test]
    fn arbitrary_bytes_are_read_alike(bytes in proptest::collection::vec(prop_oneof![8 => proptest::sample::select(&b"a,\"\n\r1 "[..]), 1 => any::<u8>()], 0..120)) {
        check(&[b"\xc3\xa9,b\n", bytes.as_slice()].concat());
    }
}
