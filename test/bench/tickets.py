# A forest over the past rate of every value, by scikit-learn, on rows.json in this folder; prints the AUC of the last 40 %.
# Run by tickets.ts.
import heapq, json, math
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

given = json.load(open("rows.json"))
rows, refits = given["rows"], given["refits"]
seen, overall, waiting, X = {}, [0, 0], [], []
for i, row in enumerate(rows):
    # A label counts once it is known.
    while waiting and waiting[0][0] <= row["at"]:
        _, j = heapq.heappop(waiting)
        for column, value in enumerate(rows[j]["values"]):
            entry = seen.setdefault((column, value), [0, 0])
            entry[0] += 1
            entry[1] += rows[j]["label"]
        overall[0] += 1
        overall[1] += rows[j]["label"]
    mean = (overall[1] + 1) / (overall[0] + 2)
    features = [row["at"] / 3.6e6 % 24, row["at"] // 86_400_000 % 7]
    for column, value in enumerate(row["values"]):
        count, positive = seen.get((column, value), (0, 0))
        features += [math.log1p(count), (positive + 5 * mean) / (count + 5)]
    X.append(features)
    heapq.heappush(waiting, (row["known"], i))
X = np.array(X, dtype=np.float32)
y = np.array([row["label"] for row in rows])
known = np.array([row["known"] for row in rows])
n = len(rows)
first = int(0.6 * n)
bounds = [first + round(k * (n - first) / refits) for k in range(refits + 1)]
scores = []
for start, end in zip(bounds, bounds[1:]):
    train = np.flatnonzero(known[:start] <= rows[start]["at"])
    model = RandomForestClassifier(200, min_samples_leaf=5, n_jobs=2, random_state=1).fit(X[train], y[train])
    scores.append(model.predict_proba(X[start:end])[:, 1])
print(roc_auc_score(y[first:], np.concatenate(scores)))
