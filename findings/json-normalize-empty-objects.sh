#!/bin/sh
# pandas 2.3.3 (PyPI), json_normalize on incidents as PagerDuty's REST API answers them: `body.details` may be an object, empty, or null.
# Behaviour: an empty object leaves no column and no cell: it cannot be told from a field that was not there. A null leaves a column of the
# parent's name beside those of its children, filled for no row at all, since null becomes NaN like everything else that is missing.
# Output seen: columns ['id', 'n'] of {"id", "body": {"details": {}}, "n"}; with three kinds of rows 'body' is NaN in all three.
# A good guess: {} stays as an object in a column `body.details` (as an empty list does), and null can be told from missing.
# A table that was made this way cannot say whether an alarm had no details or whether nobody asked for them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check pandas==2.3.3
fi
cd "$folder"
OMP_NUM_THREADS=1 "$python" -W ignore - <<'PYTHON'
import pandas

alone = pandas.json_normalize([{"id": "P1", "body": {"details": {}}, "assignments": [], "n": 1}])
print(list(alone.columns))
assert list(alone.columns) == ["id", "assignments", "n"]
mixed = pandas.json_normalize([
    {"id": "P1", "body": {"details": {}}},
    {"id": "P2", "body": {"details": {"host": "db"}}},
    {"id": "P3", "body": None},
])
print(mixed.to_dict("records"))
assert sorted(mixed.columns) == ["body", "body.details.host", "id"]
assert mixed["body"].isna().all()
assert mixed["body.details.host"].isna().tolist() == [True, False, True]
PYTHON
echo "still so"
