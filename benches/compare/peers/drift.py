"""What people run instead to compare two files, outside a browser: one job a process, one line of JSON.

    python drift.py evidently|nannyml REFERENCE CURRENT

`seconds` leaves out starting Python and importing; `scores` is the size of each column's drift, so that a job that reads wrongly is found
out; `laps` are the parts of a job; `peak_mb` is the most memory that the process held.
"""

import json
import os
import resource
import sys
import time

# Both report their use to their makers unless told not to.
os.environ.update(DO_NOT_TRACK="1", NML_DISABLE_USAGE_LOGGING="1")

import pandas

job, *paths = sys.argv[1:]
laps = {}


class Clock:
    """Seconds since it was last read."""

    def __init__(self):
        self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        laps[name] = now - self.last
        self.last = now


def read():
    tables = [pandas.read_csv(path) for path in paths]
    columns = [column for column in tables[0].columns if column not in ("id", "timestamp")]
    return (table[columns] for table in tables)


def evidently():
    from evidently import Dataset, Report
    from evidently.presets import DataDriftPreset

    clock = Clock()
    reference, current = read()
    clock.lap("read")
    run = Report([DataDriftPreset()]).run(Dataset.from_pandas(current), Dataset.from_pandas(reference))
    found = run.dict()["metrics"]
    clock.lap("drift")
    return {metric["config"]["column"]: metric["value"] for metric in found if "column" in metric["config"]}


def nannyml():
    from nannyml import UnivariateDriftCalculator

    clock = Clock()
    reference, current = read()
    clock.lap("read")
    calculator = UnivariateDriftCalculator(
        column_names=list(reference.columns),
        treat_as_categorical=["label", "prediction"],
        continuous_methods=["kolmogorov_smirnov", "jensen_shannon", "wasserstein"],
        categorical_methods=["chi2", "jensen_shannon", "l_infinity"],
        chunk_number=10,
    )
    calculator.fit(reference)
    calculator.calculate(current)
    clock.lap("drift")
    return {}


scores = {"evidently": evidently, "nannyml": nannyml}[job]()
print(
    json.dumps(
        {
            "seconds": sum(laps.values()),
            "laps": laps,
            "scores": {column: float(score) for column, score in scores.items()},
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
    )
)
