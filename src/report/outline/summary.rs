//! "Is it all right?": the verdicts, and the few findings that matter.

use super::super::index::Index;
use super::super::words::{address, verdict_count};
use super::block::{Block, FindingLine, Folded};
use super::heading;
use crate::check::{Finding, Verdict};

/// The most findings shown in full.
const MAIN: usize = 7;
/// With fewer troubles than this, what holds fills up to it.
const LEAST: usize = 4;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let findings = &index.report.findings;
    let tally = tally(findings);
    let mut blocks = vec![heading(2, "summary", "Is it all right?"), Block::Lead(answer(&tally))];
    if findings.is_empty() {
        return blocks;
    }
    blocks.push(Block::Tally(tally));
    let main = main_findings(findings);
    let others: Vec<FindingLine> = findings
        .iter()
        .filter(|finding| !main.iter().any(|shown| std::ptr::eq(*shown, *finding)))
        .map(line)
        .collect();
    blocks.push(Block::Findings(main.into_iter().map(line).collect()));
    if !others.is_empty() {
        blocks.push(Block::Folded(Folded {
            title: format!("All {} checks: the other {}", findings.len(), others.len()),
            blocks: vec![Block::Findings(others)],
        }));
    }
    blocks
}

/// How many findings have which verdict, the order of reading: what holds first, as the eye expects a score.
pub(super) fn tally(findings: &[Finding]) -> Vec<(Verdict, usize)> {
    use Verdict::{Error, Fail, Inconclusive, NotApplicable, Pass, Warn};
    [Fail, Error, Warn, Inconclusive, Pass, NotApplicable]
        .into_iter()
        .map(|verdict| (verdict, findings.iter().filter(|finding| finding.verdict == verdict).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The answer in a sentence.
fn answer(tally: &[(Verdict, usize)]) -> String {
    let of = |wanted: Verdict| tally.iter().find(|(verdict, _)| *verdict == wanted).map_or(0, |(_, count)| *count);
    let all: usize = tally.iter().map(|(_, count)| count).sum();
    let (fail, error, warn, open, pass) = (
        of(Verdict::Fail),
        of(Verdict::Error),
        of(Verdict::Warn),
        of(Verdict::Inconclusive),
        of(Verdict::Pass),
    );
    let said = |verdict, count| verdict_count(verdict, count);
    match (fail, error, warn, open, pass) {
        (0, 0, 0, 0, 0) => "Nothing was judged: no check applies to this data.".to_owned(),
        (0, 0, 0, 0, _) => format!(
            "As far as these checks see, yes: {}.",
            if pass == 1 {
                "the one check holds".to_owned()
            } else {
                format!("all {pass} hold")
            }
        ),
        (0, 0, 0, _, 0) => "It cannot be said: the data is too little for every check.".to_owned(),
        (0, 0, 0, _, _) => format!("Nothing fails, but {} for lack of evidence.", said(Verdict::Inconclusive, open)),
        (0, 0, _, _, _) => format!("Not entirely: nothing fails, {}.", said(Verdict::Warn, warn)),
        (0, _, _, _, _) => format!("It was not fully looked at: {} of {all} checks could not be carried out.", error),
        _ => format!("No: {} of {all} checks {}.", fail, if fail == 1 { "fails" } else { "fail" }),
    }
}

/// The findings shown in full: troubles in their order, then, where there is room, what holds.
pub(super) fn main_findings(findings: &[Finding]) -> Vec<&Finding> {
    let is_trouble = |finding: &&Finding| !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable);
    let mut main: Vec<&Finding> = findings.iter().filter(is_trouble).take(MAIN).collect();
    let room = LEAST.saturating_sub(main.len());
    main.extend(findings.iter().filter(|finding| finding.verdict == Verdict::Pass).take(room));
    if main.is_empty() {
        main.extend(findings.iter().take(LEAST));
    }
    main
}

fn line(finding: &Finding) -> FindingLine {
    FindingLine {
        verdict: finding.verdict,
        sentence: finding.sentence.clone(),
        reason: finding.reason.clone(),
        term: finding.key.as_ref().map_or_else(String::new, address),
        key: finding.key.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mixture_of_verdicts_has_an_honest_answer() {
        use Verdict::{Error, Fail, Inconclusive, NotApplicable, Pass, Warn};
        assert_eq!(answer(&[]), "Nothing was judged: no check applies to this data.");
        assert_eq!(answer(&[(NotApplicable, 2)]), "Nothing was judged: no check applies to this data.");
        assert_eq!(answer(&[(Pass, 3)]), "As far as these checks see, yes: all 3 hold.");
        assert_eq!(
            answer(&[(Inconclusive, 2)]),
            "It cannot be said: the data is too little for every check."
        );
        assert_eq!(
            answer(&[(Inconclusive, 1), (Pass, 1)]),
            "Nothing fails, but 1 cannot be said for lack of evidence."
        );
        assert_eq!(answer(&[(Warn, 1), (Pass, 1)]), "Not entirely: nothing fails, 1 to watch.");
        assert_eq!(
            answer(&[(Error, 1), (Pass, 1)]),
            "It was not fully looked at: 1 of 2 checks could not be carried out."
        );
        assert_eq!(answer(&[(Fail, 2), (Pass, 5)]), "No: 2 of 7 checks fail.");
    }
}
