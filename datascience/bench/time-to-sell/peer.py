"""The classic recipe on the folds of our own cross-validation: a random forest of 100 trees of depth 10 over 47
columns (five numbers, two codes, 20 word flags of each text). peer.py CSV PREDICTIONS; the last line is JSON."""

import csv
import gzip
import json
import resource
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import log_loss

NUMBERS = ["nb_images", "longueur_image", "largeur_image", "annee", "prix"]
CODES = ["categorie", "couleur"]
TEXTS = ["nom_produit", "description_produit"]
BINS = 15


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def records_by_line(path):
    """The record that begins on each line of the file, as our reader counts them."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        reader.fieldnames
        found = {}
        line = reader.line_num + 1
        for record in reader:
            found[line] = record
            line = reader.line_num + 1
        return found


def number(text):
    try:
        return float(text)
    except ValueError:
        return -1.0


def columns(train, rows):
    parts = [np.array([[number(row[name]) for name in NUMBERS] for row in rows])]
    for name in CODES:
        known = {value: i for i, value in enumerate(sorted({row[name] for row in train}))}
        parts.append(np.array([[known.get(row[name], -1)] for row in rows]))
    for name in TEXTS:
        flags = CountVectorizer(max_features=20, binary=True, token_pattern=r"[^\W\d_]{3,}")
        flags.fit([row[name] for row in train])
        parts.append(flags.transform([row[name] for row in rows]).toarray())
    return np.hstack(parts)


def calibration_error(probabilities, labels):
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - hits[bins == b].mean())
        for b in range(BINS)
        if (bins == b).any()
    )


def main():
    source, predictions = sys.argv[1:]
    by_line = records_by_line(source)
    folds = read(predictions)
    rows = [by_line[int(fold["line"])] for fold in folds]
    fold_of = np.array([int(fold["fold"]) for fold in folds])
    labels = np.array([int(fold["true"]) for fold in folds])
    probabilities = np.zeros((len(rows), 3))
    start = time.perf_counter()
    for fold in np.unique(fold_of):
        train = [row for row, f in zip(rows, fold_of) if f != fold]
        test = [row for row, f in zip(rows, fold_of) if f == fold]
        forest = RandomForestClassifier(n_estimators=100, max_depth=10, random_state=42, n_jobs=-1)
        forest.fit(columns(train, train), labels[fold_of != fold])
        probabilities[fold_of == fold] = forest.predict_proba(columns(train, test))
    seconds = time.perf_counter() - start
    forest.n_jobs = 1
    one = columns(train, test[:100])
    start = time.perf_counter()
    for row in one:
        forest.predict_proba(row.reshape(1, -1))
    predict_us = (time.perf_counter() - start) / len(one) * 1e6
    print(
        json.dumps(
            {
                "log_loss": log_loss(labels, probabilities),
                "accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
                "ece": float(calibration_error(probabilities, labels)),
                "seconds": seconds,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "predict_us": predict_us,
            }
        )
    )


main()
