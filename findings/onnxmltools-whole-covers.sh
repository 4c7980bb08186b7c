#!/bin/sh
# onnxmltools 1.16.0 with xgboost 3.2.0 (PyPI): a `binary:logistic` Booster whose covers (`sum_hessian`) are all whole numbers
# is converted to a TreeEnsembleRegressor without a sigmoid. No warning: ONNX Runtime then answers margins (log odds) where
# xgboost answers probabilities.
# Behaviour: `_parse.py` guesses the kind of a model from its covers ("regression, guess if objective not specified"), also
# where the file names its objective. Covers of squared error are counts, those of the logistic loss rarely are.
# Output seen: "whole covers: ['TreeEnsembleRegressor'], largest difference to predict_proba above 1".
# A good guess: the objective in the file decides, as it does in xgboost and in treelite; covers are statistics.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check \
    xgboost==3.2.0 onnxmltools==1.16.0 onnxruntime==1.32.0 scikit-learn==1.9.1
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
import json
import numpy as np
import onnxruntime
import xgboost
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

random = np.random.default_rng(1)
X = random.normal(size=(500, 4)).astype(np.float32)
y = (X[:, 0] + random.normal(size=500) > 0).astype(int)
booster = xgboost.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, xgboost.DMatrix(X, y), 20)
booster.save_model("as-trained.json")
model = json.load(open("as-trained.json"))
for tree in model["learner"]["gradient_booster"]["model"]["trees"]:
    tree["sum_hessian"] = [float(int(cover) + 1) for cover in tree["sum_hessian"]]
json.dump(model, open("whole-covers.json", "w"))

def look(name):
    booster = xgboost.Booster(model_file=name)
    converted = convert_xgboost(booster, initial_types=[("x", FloatTensorType([None, 4]))])
    answers = onnxruntime.InferenceSession(converted.SerializeToString()).run(None, {"x": X})[-1]
    answers = answers[:, 1] if answers.ndim == 2 and answers.shape[1] == 2 else answers.reshape(-1)
    predicted = booster.predict(xgboost.DMatrix(X))
    margins = booster.predict(xgboost.DMatrix(X), output_margin=True)
    return [node.op_type for node in converted.graph.node], answers, predicted, margins

kinds, answers, predicted, _ = look("as-trained.json")
print("as trained:", kinds, "largest difference", float(abs(answers - predicted).max()))
assert kinds == ["TreeEnsembleClassifier"] and abs(answers - predicted).max() < 1e-5
kinds, answers, predicted, margins = look("whole-covers.json")
print("whole covers:", kinds, "largest difference", float(abs(answers - predicted).max()))
assert kinds == ["TreeEnsembleRegressor"] and abs(answers - predicted).max() > 1
PYTHON
echo "still so"
