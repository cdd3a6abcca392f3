//! Stand-in for the table of metrics, to be replaced by the full one: only the names that checks rely on.

/// What a number counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share between 0 and 1.
    Share,
    /// A figure without unit.
    Score,
    /// A number of rows or other things.
    Count,
    /// The unit of the target.
    Target,
    /// Natural units of information.
    Nats,
}

/// One declared measurement.
#[derive(Debug)]
pub struct Metric {
    /// Its id.
    pub id: &'static str,
    /// Its name in text.
    pub name: &'static str,
    /// Other ids that mean it.
    pub aliases: &'static [&'static str],
    /// What it counts in.
    pub unit: Unit,
}

const fn row(id: &'static str, name: &'static str, aliases: &'static [&'static str], unit: Unit) -> Metric {
    Metric { id, name, aliases, unit }
}

/// Every metric.
pub static METRICS: &[Metric] = &[
    row("accuracy", "Accuracy", &["acc"], Unit::Share),
    row("balanced_accuracy", "Balanced accuracy", &[], Unit::Score),
    row("precision", "Precision", &["ppv"], Unit::Share),
    row("recall", "Recall", &["tpr", "sensitivity"], Unit::Share),
    row("specificity", "Specificity", &["tnr"], Unit::Share),
    row("false_positive_rate", "False positive rate", &["fpr"], Unit::Share),
    row("false_negative_rate", "False negative rate", &["fnr"], Unit::Share),
    row("selection_rate", "Selection rate", &[], Unit::Share),
    row("prevalence", "Prevalence", &[], Unit::Share),
    row("f1", "F1", &[], Unit::Score),
    row("roc_auc", "ROC AUC", &["auc"], Unit::Score),
    row("average_precision", "Average precision", &[], Unit::Score),
    row("log_loss", "Log loss", &[], Unit::Nats),
    row("brier_score", "Brier score", &[], Unit::Score),
    row("majority_share", "Majority share", &[], Unit::Share),
    row("mae", "Mean absolute error", &[], Unit::Target),
    row("rmse", "Root mean squared error", &[], Unit::Target),
    row("r2", "R2", &[], Unit::Score),
    row("mean_error", "Mean error", &[], Unit::Target),
    row("rows", "Rows", &[], Unit::Count),
];

/// The metric of that id or alias.
pub fn find(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == name || metric.aliases.contains(&name))
}
