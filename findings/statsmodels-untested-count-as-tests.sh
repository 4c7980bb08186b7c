#!/bin/sh
# statsmodels 0.14.5 (PyPI), multipletests, on p values of several services of which some had too few incidents to be tested (NaN).
# Behaviour: a missing p value counts as a test. Four services that changed are all named where they stand alone, and none of them where
# twelve untested ones stand beside them. By "fdr_bh" one missing value makes every corrected p value NaN, while `reject` still names
# services: the two halves of one answer contradict each other. No warning. SciPy's false_discovery_control refuses the same list.
# Output seen: 4 rejected of 4; 0 of 16; with one missing beside them 4 rejected, and five corrected p values that are all NaN.
# A good guess: NaN is left out, as pandas and R's p.adjust do (there n is the number of values that are not missing), or an error.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check statsmodels==0.14.5 scipy==1.16.2
fi
cd "$folder"
"$python" - <<'PYTHON'
import numpy as np
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

changed = [0.004, 0.012, 0.02, 0.03]

def named(untested):
    rejected, corrected = multipletests(changed + [np.nan] * untested, 0.05, "fdr_bh")[:2]
    return int(rejected.sum()), int(np.isnan(corrected).sum())

print({untested: named(untested) for untested in (0, 1, 12)})
assert named(0) == (4, 0)
assert named(1) == (4, 5)
assert named(12) == (0, 16)
try:
    false_discovery_control(changed + [np.nan])
    raise SystemExit("SciPy took a missing value")
except ValueError as refused:
    print("SciPy:", refused)
PYTHON
echo "still so"
