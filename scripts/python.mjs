// Makes a virtual environment with the Python libraries that the parity tests compare with, and PagerDuty's client. Nothing else needs it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(root, ".venv");
const python = join(venv, "bin", "python");
const wanted = { xgboost: "3.2.0", "scikit-learn": "1.9.1", pagerduty: "7.2.0" };

function run(what, command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status === 0) return;
  process.stderr.write(
    `mrdata: ${what} failed (${done.error?.message ?? `status ${done.status}`}): Python 3.11 or newer with venv and access to PyPI are needed\n`,
  );
  process.exit(1);
}

const check = Object.entries(wanted)
  .map(([name, version]) => `assert v("${name}") == "${version}"`)
  .join("; ");
const isThere = () =>
  existsSync(python) &&
  spawnSync(python, ["-c", `from importlib.metadata import version as v; ${check}`]).status === 0;

if (!isThere()) {
  process.stderr.write(
    "mrdata: installing xgboost, scikit-learn and PagerDuty's client into .venv (once, a minute or two) ...\n",
  );
  run("making .venv", "python3", ["-m", "venv", venv]);
  const pins = Object.entries(wanted).map(([name, version]) => `${name}==${version}`);
  run("installing", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins]);
}
process.stdout.write(`${python}\n`);
