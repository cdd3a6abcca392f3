//! The real data sets built into the page, with the roles and settings that fit them.

use crate::data::Roles;
use crate::run::{Settings, Wording};

/// A data set that travels in the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Example {
    /// Its short name.
    pub id: &'static str,
    /// What it is, in few words.
    pub title: &'static str,
    /// The name of its file.
    pub file: &'static str,
    /// What it asks, in one line.
    pub summary: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Who published it, and under which licence.
    pub source: &'static str,
    label: &'static str,
    score: &'static str,
    count: Option<&'static str>,
    sensitive: &'static [&'static str],
    threshold: Option<f64>,
    favorable: Option<&'static str>,
    /// People, positive, negative, predicted, not predicted.
    wording: [&'static str; 5],
}

/// The examples, in the order of the page.
pub const EXAMPLES: [Example; 2] = [
    Example {
        id: "compas",
        title: "COMPAS recidivism scores",
        file: "compas_counts.csv",
        summary: "Who is called a risk, and who is wrongly so? 7\u{202f}214 people.",
        about: "7\u{202f}214 defendants of Broward County, 2013 and 2014: the risk decile they were given, and whether they were charged again within two \
                years. A row is a combination of traits, with the number of people it stands for.",
        source: "Published by ProPublica (propublica/compas-analysis, compas-scores-two-years.csv) from public records; counted by combination for \
                 Assay. The publication states no licence.",
        label: "two_year_recid",
        score: "decile_score",
        count: Some("count"),
        sensitive: &["race", "sex", "age_cat"],
        threshold: Some(5.0),
        favorable: Some("0"),
        wording: [
            "defendants",
            "reoffended",
            "did not reoffend",
            "were flagged high risk",
            "were not flagged",
        ],
    },
    Example {
        id: "adult",
        title: "Adult income model",
        file: "adult.csv",
        summary: "Who earns more than 50\u{202f}000 dollars? 16\u{202f}281 people.",
        about: "16\u{202f}281 people of the 1994 US census: whether they earn more than 50\u{202f}000 dollars a year, and the probability that a logistic regression \
                gave them. A row is a person.",
        source: "Adult, Becker and Kohavi 1996, UCI Machine Learning Repository, CC BY 4.0: the test split, reduced to five columns; the scores were \
                 made for Assay.",
        label: "y_true",
        score: "score",
        count: None,
        sensitive: &["race", "sex"],
        threshold: None,
        favorable: None,
        wording: [""; 5],
    },
];

impl Example {
    /// The example of that short name.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        EXAMPLES.iter().find(|example| example.id == id)
    }

    /// The roles that fit it.
    pub fn roles(&self) -> Roles {
        Roles {
            label: Some(self.label.to_owned()),
            score: Some(self.score.to_owned()),
            count: self.count.map(str::to_owned),
            sensitive: self.sensitive.iter().map(|&name| name.to_owned()).collect(),
            ..Roles::default()
        }
    }

    /// The settings that fit it.
    pub fn settings(&self) -> Settings {
        let [people, positive, negative, predicted, not_predicted] = self.wording.map(str::to_owned);
        Settings {
            threshold: self.threshold,
            favorable: self.favorable.map(str::to_owned),
            wording: Wording {
                people,
                positive,
                negative,
                predicted,
                not_predicted,
            },
            ..Settings::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_its_columns() {
        for example in EXAMPLES {
            let path = format!("{}/public/examples/{}", env!("CARGO_MANIFEST_DIR"), example.file);
            let text = std::fs::read_to_string(&path).expect(&path);
            let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
            let roles = example.roles();
            let named = roles.label.iter().chain(&roles.score).chain(&roles.count).chain(&roles.sensitive);
            for column in named {
                assert!(header.contains(&column.as_str()), "{column} is not in {path}");
            }
            assert_eq!(Example::by_id(example.id), Some(&example));
        }
    }
}
