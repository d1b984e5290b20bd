"""The usual Python stack on both modalities, fold by fold.

Text: TF-IDF of words and characters, title and description apart, under calibrated linear SVMs. Image: logistic
regression on the backbone's features. Both: logistic regression stacked on their out-of-fold probabilities.

    peer.py DIR SEED   reads DIR/rows.ndjson (designation, description, label, fold, feature) and DIR/features.f32,
                       writes DIR/peer-{text,image,stack}.f64

The last line on standard output is JSON.
"""

import json
import os
import sys
import time

import numpy
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

INNER_FOLDS = 5


def text_model(seed):
    union = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)),
        ]
    )
    fields = ColumnTransformer([("title", union, 0), ("description", union, 1)])
    return Pipeline([("features", fields), ("svm", CalibratedClassifierCV(LinearSVC(random_state=seed)))])


def image_model(_seed):
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))


def fit_and_predict(build, inputs, labels, train, test, seed):
    """Probabilities of the test rows, and out of fold of the training rows."""
    folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    held_out = cross_val_predict(build(seed), inputs[train], labels[train], cv=folds, method="predict_proba")
    return build(seed).fit(inputs[train], labels[train]).predict_proba(inputs[test]), held_out


def main(directory, seed):
    with open(os.path.join(directory, "rows.ndjson"), encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = numpy.array([[row["designation"] or "", row["description"] or ""] for row in rows], dtype=object)
    labels = numpy.array([row["label"] for row in rows])
    dealt = numpy.array([row["fold"] for row in rows])
    position = numpy.array([row["feature"] for row in rows])
    features = numpy.fromfile(os.path.join(directory, "features.f32"), dtype="<f4")
    features = features.reshape(int(position.max()) + 1, -1)
    classes = int(labels.max()) + 1
    answers = {name: numpy.full((len(rows), classes), numpy.nan) for name in ("text", "image", "stack")}
    started = time.perf_counter()
    for fold in sorted(set(dealt)):
        train, test = numpy.where(dealt != fold)[0], numpy.where(dealt == fold)[0]
        answers["text"][test], text_held = fit_and_predict(text_model, texts, labels, train, test, seed)
        # A photo that is missing counts as the mean photo.
        photos = numpy.where((position < 0)[:, None], features.mean(axis=0), features[position])
        answers["image"][test], image_held = fit_and_predict(image_model, photos, labels, train, test, seed)
        logs = lambda *parts: numpy.log(numpy.clip(numpy.hstack(parts), 1e-6, 1))
        stack = LogisticRegression(C=1.0, max_iter=1000).fit(logs(text_held, image_held), labels[train])
        answers["stack"][test] = stack.predict_proba(logs(answers["text"][test], answers["image"][test]))
        answers["image"][test[position[test] < 0]] = numpy.nan
    seconds = time.perf_counter() - started
    for name, values in answers.items():
        values.astype("<f8").tofile(os.path.join(directory, f"peer-{name}.f64"))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
