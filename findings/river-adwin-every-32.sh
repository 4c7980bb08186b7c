#!/bin/sh
# river 0.22.0 (PyPI), drift.ADWIN (Bifet and Gavalda 2007), fed with outcomes of incidents one by one.
# Behaviour: it looks for a change at every 32nd value only, counted from the first it ever got. A service with an incident a day is told a
# month after it could have been, whatever changed and however much. PageHinkley and KSWIN look at every value.
# Output seen, 40 seeds, a rate that goes from .05 to .80 at the 500th value: drift at the 512th or the 544th, all multiples of 32.
# A good guess: `update` looks at every value, as the paper's algorithm does, and a change this large is told after about ten.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check river==0.22.0
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
import random
from river import drift

def told_at(detector, seed):
    draw = random.Random(seed)
    for i in range(1, 2001):
        detector.update(1 if draw.random() < (0.05 if i < 500 else 0.8) else 0)
        if i > 500 and detector.drift_detected:
            return i
    return None

adwin = [told_at(drift.ADWIN(), seed) for seed in range(40)]
hinkley = [told_at(drift.PageHinkley(), seed) for seed in range(40)]
print("ADWIN", sorted(set(adwin)), "PageHinkley", sorted(set(hinkley)))
assert all(at is not None and at % 32 == 0 for at in adwin)
assert any(at is not None and at % 32 != 0 for at in hinkley)
PYTHON
echo "still so"
