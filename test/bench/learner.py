# Trains with scikit-learn and xgboost on the tables in this folder and prints seconds and AUC as JSON. Run by learner.ts.
import json, sys, time
import numpy as np, xgboost
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

rounds, features = int(sys.argv[1]), int(sys.argv[2])
load = lambda name: (np.fromfile(name + ".f32", dtype=np.float32).reshape(-1, features), np.fromfile(name + ".u8", dtype=np.uint8))
X, y = load("train")
T, z = load("test")

def xgb(trees, **more):
    common = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 2, "seed": 1}
    return xgboost.train(common | more, xgboost.DMatrix(X, y, nthread=2), trees)

boosters = lambda model: model.predict(xgboost.DMatrix(T))
root = round(features ** 0.5)
forest = {"eta": 1, "num_parallel_tree": 100, "subsample": 0.632, "colsample_bynode": root / features, "lambda": 1e-6, "min_child_weight": 1}
ways = {
    "scikit-learn.forest": (lambda: RandomForestClassifier(100, min_samples_leaf=5, n_jobs=2, random_state=1).fit(X, y), lambda model: model.predict_proba(T)[:, 1]),
    "xgboost.forest": (lambda: xgb(1, max_depth=12, **forest), boosters),
    "xgboost.boosting": (lambda: xgb(100, max_depth=6, eta=0.1), boosters),
}
out = {}
for name, (fit, predict) in ways.items():
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        model = fit()
        seconds.append(time.perf_counter() - start)
    out[name] = {"seconds": seconds, "auc": roc_auc_score(z, predict(model))}
print(json.dumps(out))
