//! "Is it all right?": the verdicts, and the few findings that matter.

use super::super::format::with_unit;
use super::super::index::Index;
use super::super::words::{address, listed_name, verdict_count};
use super::block::{Block, FindingLine, Folded};
use super::cells::column_quantity;
use super::heading;
use crate::check::{Finding, Verdict};
use crate::metric::{Comparison, Key};

/// The most findings shown in full.
const MAIN: usize = 7;
/// With fewer troubles than this, what holds fills up to it.
const LEAST: usize = 4;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let findings = &index.report.findings;
    let tally = tally(findings);
    let mut blocks = vec![heading(2, "summary", "Is it all right?"), Block::Lead(answer(&tally))];
    if index.report.outcome.task.is_none() {
        let text = "No column is a label, prediction or score, so this is about the data alone: no model is judged.";
        blocks.push(Block::Prose(text.to_owned()));
    }
    blocks.extend(super::timeline::in_short(index).map(Block::Prose));
    if findings.is_empty() {
        return blocks;
    }
    blocks.push(Block::Tally(tally));
    let main = main_findings(findings);
    let others: Vec<FindingLine> = findings
        .iter()
        .filter(|finding| !main.iter().any(|shown| std::ptr::eq(*shown, *finding)))
        .map(|finding| line(index, finding))
        .collect();
    blocks.push(Block::Findings(main.into_iter().map(|finding| line(index, finding)).collect()));
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
///
/// A check that already troubles a single feature is not shown again for combinations of features: those are folded with the rest.
pub(super) fn main_findings(findings: &[Finding]) -> Vec<&Finding> {
    let troubles: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable))
        .collect();
    let is_combined = |finding: &Finding| finding.key.as_ref().is_some_and(|key| key.by.len() > 1);
    let is_said = |finding: &Finding| {
        troubles
            .iter()
            .any(|other| other.check == finding.check && !is_combined(other) && other.verdict <= finding.verdict)
    };
    let mut main: Vec<&Finding> = troubles
        .iter()
        .copied()
        .filter(|finding| !is_combined(finding) || !is_said(finding))
        .take(MAIN)
        .collect();
    let room = LEAST.saturating_sub(main.len());
    main.extend(findings.iter().filter(|finding| finding.verdict == Verdict::Pass).take(room));
    if main.is_empty() {
        main.extend(findings.iter().take(LEAST));
    }
    main
}

/// The reason without what the sentence says already.
fn reason_beyond(finding: &Finding) -> &str {
    let (first, rest) = finding
        .reason
        .split_once(". ")
        .unwrap_or((finding.reason.trim_end_matches('.'), ""));
    let is_said = !first.is_empty() && finding.sentence.to_lowercase().contains(&first.to_lowercase());
    if is_said { rest } else { &finding.reason }
}

fn line(index: &Index<'_>, finding: &Finding) -> FindingLine {
    let ends = finding.key.as_ref().and_then(|key| ends(index, key));
    let reason: Vec<&str> = ends
        .as_deref()
        .into_iter()
        .chain([reason_beyond(finding)])
        .filter(|part| !part.is_empty())
        .collect();
    FindingLine {
        verdict: finding.verdict,
        sentence: finding.sentence.clone(),
        reason: reason.join(" "),
        term: finding.key.as_ref().map_or_else(String::new, address),
        key: finding.key.clone(),
    }
}

/// Who is at the ends of a gap: "Highest: Male, 46.8 %; lowest: Female, 42.4 %."
fn ends(index: &Index<'_>, key: &Key) -> Option<String> {
    if !matches!(key.comparison, Some(Comparison::Difference | Comparison::Ratio)) || key.by.is_empty() {
        return None;
    }
    let judged = index.judged(&key.metric, &key.by);
    let [(low, least), .., (high, most)] = judged.as_slice() else {
        return None;
    };
    let quantity = column_quantity(&[least, most]);
    Some(format!(
        "Highest: {}, {}; lowest: {}, {}.",
        listed_name(high, &key.by),
        with_unit(quantity, most),
        listed_name(low, &key.by),
        with_unit(quantity, least)
    ))
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

    #[test]
    fn combinations_are_folded_where_a_single_feature_says_it_already() {
        let finding = |check: &str, by: &[&str], verdict| Finding {
            check: check.to_owned(),
            key: Some(Key {
                by: by.iter().map(|name| (*name).to_owned()).collect(),
                ..Key::overall("recall")
            }),
            verdict,
            estimate: None,
            bound: None,
            sentence: String::new(),
            reason: String::new(),
        };
        let findings = [
            finding("a", &["race"], Verdict::Fail),
            finding("a", &["race", "sex"], Verdict::Fail),
            finding("b", &["race", "sex"], Verdict::Fail),
            finding("b", &["sex"], Verdict::Inconclusive),
        ];
        let main: Vec<(&str, usize)> = main_findings(&findings)
            .into_iter()
            .map(|finding| (finding.check.as_str(), finding.key.as_ref().map_or(0, |key| key.by.len())))
            .collect();
        assert_eq!(main, [("a", 1), ("b", 2), ("b", 1)]);
    }
}
