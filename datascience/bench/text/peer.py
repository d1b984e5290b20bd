"""The usual Python stack: TF-IDF of words and characters, title and description apart, under calibrated linear SVMs.

Term frequencies are sublinear: half a point of F1 better on small sets than scikit-learn's default, the same on large ones.

    peer.py train DIR SEED JOBS   fits on DIR/train.ndjson, writes DIR/peer.joblib
    peer.py predict DIR           loads it, writes DIR/peer.f64 (probabilities of DIR/test.ndjson), times single titles

The last line on standard output is JSON.
"""

import json
import os
import resource
import sys
import time

import joblib
import numpy
from joblib.externals.loky import get_reusable_executor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC

FIELDS = ["designation", "description"]


def read_rows(path):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = numpy.array([[row[field] or "" for field in FIELDS] for row in rows], dtype=object)
    return texts, numpy.array([row["label"] for row in rows])


def vectorise():
    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)),
        ]
    )


def build(seed, jobs):
    fields = ColumnTransformer([(field, vectorise(), i) for i, field in enumerate(FIELDS)])
    classifier = CalibratedClassifierCV(LinearSVC(random_state=seed), method="sigmoid", n_jobs=jobs)
    return Pipeline([("features", fields), ("classifier", classifier)])


def cpu_seconds():
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def peak_mb():
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def train(directory, seed, jobs):
    texts, labels = read_rows(os.path.join(directory, "train.ndjson"))
    started, cpu = time.perf_counter(), cpu_seconds()
    model = build(seed, jobs).fit(texts, labels)
    seconds = time.perf_counter() - started
    if jobs > 1:
        get_reusable_executor().shutdown(wait=True)  # what the folds' processes took is counted once they have ended
    cpu, peak = cpu_seconds() - cpu, peak_mb()
    path = os.path.join(directory, "peer.joblib")
    joblib.dump(model, path)
    return {"seconds": seconds, "cpu": cpu, "peakMb": peak, "packageMb": os.path.getsize(path) / 1e6}


def predict(directory):
    started = time.perf_counter()
    model = joblib.load(os.path.join(directory, "peer.joblib"))
    load = time.perf_counter() - started
    texts, _ = read_rows(os.path.join(directory, "test.ndjson"))
    classes = int(read_json(directory, "split.json")["classes"])
    probabilities = numpy.zeros((len(texts), classes))
    probabilities[:, model.classes_] = model.predict_proba(texts)
    probabilities.astype("<f8").tofile(os.path.join(directory, "peer.f64"))
    timings = {}
    for name, singles in read_json(directory, "singles.json").items():
        rows = numpy.array([[single[field] or "" for field in FIELDS] for single in singles[:220]], dtype=object)
        times = []
        for i in range(len(rows)):
            before = time.perf_counter()
            model.predict_proba(rows[i : i + 1])
            times.append(time.perf_counter() - before)
        timings[name] = summary(numpy.array(times[20:]) * 1e6)
    return {"loadMs": load * 1e3, "peakMb": peak_mb(), "timings": timings}


def summary(times):
    return {"p50": float(numpy.percentile(times, 50)), "p99": float(numpy.percentile(times, 99))}


def read_json(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    step, where, *rest = sys.argv[1:]
    result = train(where, int(rest[0]), int(rest[1])) if step == "train" else predict(where)
    print(json.dumps(result))
