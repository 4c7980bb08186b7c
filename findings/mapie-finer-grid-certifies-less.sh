#!/bin/sh
# MAPIE 1.2.0 (PyPI), BinaryClassificationController: thresholds whose precision is at least a target with 90 % confidence (Learn then Test).
# Behaviour: every threshold of `list_predict_params` counts as a test of its own (Bonferroni), so that a finer grid certifies less: the same
# predictions pass from .74 on with 50 thresholds, from .79 with 500, and from .85 with 5,000, and what is held shrinks with it.
# Output seen: lowest valid thresholds .74, .791, .854 for 50, 500 and 5,000.
# A good guess: a finer grid finds a better threshold or the same one. Walking down from the strictest (fixed sequence), which the paper has,
# too, does not depend on how many there are.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check mapie==1.2.0 scikit-learn==1.9.1
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
import numpy as np
from mapie.risk_control import BinaryClassificationController, precision

random = np.random.default_rng(1)
chances = random.uniform(0, 1, 1500)
labels = (random.uniform(0, 1, 1500) < chances).astype(int)

def proba(rows):
    said = np.asarray(rows)[:, 0]
    return np.stack([1 - said, said], axis=1)

def lowest(thresholds):
    controller = BinaryClassificationController(
        proba, precision, target_level=0.8, confidence_level=0.9,
        best_predict_param_choice="recall", list_predict_params=np.linspace(0.5, 0.99, thresholds),
    )
    controller.calibrate(chances[:, None], labels)
    return float(np.min(controller.valid_predict_params))

seen = {thresholds: lowest(thresholds) for thresholds in (50, 500, 5000)}
print(seen, "held:", {thresholds: float((chances >= at).mean()) for thresholds, at in seen.items()})
assert seen[50] + 0.03 < seen[500] < seen[5000] - 0.03
PYTHON
echo "still so"
