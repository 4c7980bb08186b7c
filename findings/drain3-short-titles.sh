#!/bin/sh
# drain3 0.9.11 (PyPI), the usual implementation of Drain (He et al. 2017) for log templates, on titles of alarms.
# Behaviour: with its defaults (similarity .4) two titles of the same length that share 40 % of their words are one template from the second
# on, and the word that differs is a wildcard for good. "up" and "down", "high" and "low", "500" and "404" are such words. Nothing that
# comes later tells them apart again.
# Output seen: "Payment service is <*>", "Checkout latency <*>", "API answers <*>", "Disk <*>", one cluster each.
# A good guess: a template needs many messages before a position varies, and words without digits are what templates are made of.
# Log lines are long and a word or two of them vary; a title of three words is nothing but what would vary.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check drain3==0.9.11
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig

def templates(titles):
    miner = TemplateMiner(config=TemplateMinerConfig())
    for title in titles:
        miner.add_log_message(title)
    return [cluster.get_template() for cluster in miner.drain.clusters]

seen = [
    templates(["Payment service is down", "Payment service is up"]),
    templates(["Checkout latency high", "Checkout latency low"]),
    templates(["API answers 500", "API answers 404"]),
    templates(["Disk full", "Disk slow", "Disk failed"]),
]
print(seen)
assert seen == [["Payment service is <*>"], ["Checkout latency <*>"], ["API answers <*>"], ["Disk <*>"]]
PYTHON
echo "still so"
