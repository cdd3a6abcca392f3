"""What people run instead, outside a browser, on the benchmark's file: one job a process, one line of JSON.

    python native.py polars|pandas|audit FILE

`seconds` leaves out starting Python and importing, `answer` is the confusion matrix by race, so that a job that reads wrongly is found
out, `laps` are the parts of a job that has some, `peak_mb` is the most memory that the process held.
"""

import json
import resource
import sys
import time

job, path = sys.argv[1:]
laps = {}


class Clock:
    """Seconds since it was made, and since it was last read."""

    def __init__(self):
        self.start = self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        laps[name] = now - self.last
        self.last = now


def polars_reads():
    import polars

    clock = Clock()
    table = polars.read_csv(path)
    clock.lap("read")
    counts = table.group_by("race", "label", "prediction").len()
    return {(race, label, prediction): n for race, label, prediction, n in counts.rows()}


def by_race(table):
    return table.groupby(["race", "label", "prediction"]).size().to_dict()


def pandas_reads():
    import pandas

    clock = Clock()
    table = pandas.read_csv(path)
    clock.lap("read")
    return by_race(table)


def audits():
    import pandas
    from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate
    from sklearn import metrics

    clock = Clock()
    table = pandas.read_csv(path)
    clock.lap("read")
    label, score = table["label"].to_numpy(), table["score"].to_numpy()
    prediction = (score >= 0.5).astype(int)
    metrics.roc_auc_score(label, score), metrics.average_precision_score(label, score)
    clock.lap("ranks of all rows")
    metrics.log_loss(label, score), metrics.brier_score_loss(label, score)
    for measure in (metrics.f1_score, metrics.matthews_corrcoef, metrics.balanced_accuracy_score, metrics.confusion_matrix):
        measure(label, prediction)
    clock.lap("classes of all rows")
    measures = {
        "selection_rate": selection_rate,
        "true_positive_rate": true_positive_rate,
        "false_positive_rate": false_positive_rate,
        "count": count,
        "precision": metrics.precision_score,
        "accuracy": metrics.accuracy_score,
    }

    # One frame alone: those by race and by sex, which Assay's audit has, too, would cost as much again each.
    frame = MetricFrame(metrics=measures, y_true=label, y_pred=prediction, sensitive_features=table[["race", "sex"]])
    frame.difference(), frame.ratio()
    clock.lap("fairlearn")
    for column in ("race", "sex"):
        for rows in table.groupby(column).indices.values():
            metrics.roc_auc_score(label[rows], score[rows])
    clock.lap("ranks by race and by sex")
    return by_race(table)


counts = {"polars": polars_reads, "pandas": pandas_reads, "audit": audits}[job]()
answer = {}
for (race, label, prediction), n in counts.items():
    answer.setdefault(race, [0] * 4)[label * 2 + prediction] = int(n)
print(
    json.dumps(
        {
            "seconds": sum(laps.values()),
            "laps": laps,
            "answer": answer,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
    )
)
