"""scikit-learn's logistic regression on features of photos: peer.py DIR FOLD prints JSON as its last line.

DIR holds features.f32 (row-major), folds.json (`labels`, `folds`, `columns`) and gets peer-FOLD.f64.
"""

import json
import resource
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder, fold = sys.argv[1], int(sys.argv[2])
with open(f"{folder}/folds.json", encoding="utf8") as file:
    plan = json.load(file)
features = np.fromfile(f"{folder}/features.f32", dtype=np.float32).reshape(-1, plan["columns"])
labels, folds = np.array(plan["labels"]), np.array(plan["folds"])

start, cpu = time.perf_counter(), time.process_time()
train = folds != fold
# As it comes from the box, and on standardised features: the better one counts.
plain = LogisticRegression(max_iter=2000).fit(features[train], labels[train])
scaled = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(features[train], labels[train])
held = features[~train]
for name, model in (("plain", plain), ("scaled", scaled)):
    model.predict_proba(held).astype(np.float64).tofile(f"{folder}/peer-{name}-{fold}.f64")
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu, "peakMb": usage.ru_maxrss / 1024}))
