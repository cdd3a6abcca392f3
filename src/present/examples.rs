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
    /// The name of the file that it is compared with, where there is one.
    pub reference: Option<&'static str>,
    /// What it asks, in one line.
    pub summary: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Who published it, and under which licence.
    pub source: &'static str,
    /// The columns of label and score; where there are none, the roles are those that are inferred.
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
pub const EXAMPLES: [Example; 3] = [
    Example {
        id: "compas",
        title: "COMPAS recidivism scores",
        file: "compas_counts.csv",
        reference: None,
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
        reference: None,
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
    Example {
        id: "loans",
        title: "Car loans, a year later",
        file: "loans_current.csv",
        reference: Some("loans_reference.csv"),
        summary: "Have the data changed since the model was made? Two files, 400 loans each.",
        about: "Car loans, drawn at random by the authors of NannyML: 400 with whose like the model was made, of 2018, and 400 of 2018 and 2019 on which it is used. \
                A row is a loan, with the probability that it is paid back.",
        source: "NannyML's synthetic car loan data set, the variant with flaws, every 125th row; Apache-2.0.",
        label: "",
        score: "",
        count: None,
        sensitive: &[],
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

    /// Its files, the one under test first.
    pub fn files(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.file).chain(self.reference)
    }

    /// The roles that fit it; `None` where those that are inferred do.
    pub fn roles(&self) -> Option<Roles> {
        (!self.label.is_empty()).then(|| Roles {
            label: Some(self.label.to_owned()),
            score: Some(self.score.to_owned()),
            count: self.count.map(str::to_owned),
            sensitive: self.sensitive.iter().map(|&name| name.to_owned()).collect(),
            ..Roles::default()
        })
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
            let texts = example.files().map(|file| {
                let path = format!("{}/public/examples/{file}", env!("CARGO_MANIFEST_DIR"));
                std::fs::read_to_string(&path).expect(&path)
            });
            let headers: Vec<String> = texts.map(|text| text.lines().next().expect("a header").to_owned()).collect();
            assert!(
                headers.iter().all(|header| *header == headers[0]),
                "{}: files of the same columns",
                example.id
            );
            let header: Vec<&str> = headers[0].split(',').collect();
            let roles = example.roles().unwrap_or_default();
            let named = roles.label.iter().chain(&roles.score).chain(&roles.count).chain(&roles.sensitive);
            for column in named {
                assert!(header.contains(&column.as_str()), "{column} is not in {}", example.file);
            }
            assert_eq!(Example::by_id(example.id), Some(&example));
        }
    }
}
