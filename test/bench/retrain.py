# Fits scikit-learn's random forest, 200 trees with two jobs, on every block in this folder, and writes the seconds. Run by retrain.ts.
import json, sys, time
import numpy as np
from sklearn.ensemble import RandomForestClassifier

features = int(sys.argv[1])
X = np.nan_to_num(np.fromfile("table.f32", dtype=np.float32).reshape(-1, features), nan=-1)
y = np.fromfile("labels.u8", dtype=np.uint8)
start = time.perf_counter()
for block in json.load(open("blocks.json")):
    known = block["known"]
    model = RandomForestClassifier(200, n_jobs=2, random_state=1).fit(X[known], y[known])
    model.predict_proba(X[block["start"]:block["end"]])
json.dump(time.perf_counter() - start, open("seconds.json", "w"))
