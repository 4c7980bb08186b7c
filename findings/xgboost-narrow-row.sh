#!/bin/sh
# xgboost 2.1.4 (PyPI), the newest in Vertex AI's prebuilt containers: a Booster that was trained on ten columns answers a DMatrix of
# three, silently, as if the other seven were missing. One column too many is an error. Booster.inplace_predict refuses both.
# Behaviour: prediction over a DMatrix checks in C++ only that there are not more columns than the model has features, and names are
# compared only where the model has any; the prebuilt container asks by a DMatrix. The sparse format has no width of its own.
# Output seen: "three columns: as if the rest were missing, True", "eleven columns: refused", "inplace_predict, three columns: refused".
# A good guess: a row of another width than the model's raises "Feature shape mismatch", as scikit-learn and inplace_predict do,
# so that whoever asks an endpoint need not look.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check xgboost==2.1.4 numpy==2.3.5 scipy==1.16.3
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
import numpy as np
import xgboost

assert xgboost.__version__ == "2.1.4", xgboost.__version__
random = np.random.default_rng(1)
X = random.normal(size=(500, 10)).astype(np.float32)
y = (X[:, 0] + X[:, 7] > 0).astype(int)
booster = xgboost.train({"objective": "binary:logistic", "nthread": 1}, xgboost.DMatrix(X, y), 20)

narrow = X[:50, :3]
padded = np.full((50, 10), np.nan, dtype=np.float32)
padded[:, :3] = narrow
same = np.array_equal(booster.predict(xgboost.DMatrix(narrow)), booster.predict(xgboost.DMatrix(padded)))
print("three columns: as if the rest were missing,", same)
assert same

def refused(ask):
    try:
        ask()
    except (ValueError, xgboost.core.XGBoostError):
        return "refused"
    return "answered"

wide = np.hstack([X[:50], X[:50, :1]])
print("eleven columns:", refused(lambda: booster.predict(xgboost.DMatrix(wide))))
assert refused(lambda: booster.predict(xgboost.DMatrix(wide))) == "refused"
print("inplace_predict, three columns:", refused(lambda: booster.inplace_predict(narrow)))
assert refused(lambda: booster.inplace_predict(narrow)) == "refused"
PYTHON
echo "still so"
