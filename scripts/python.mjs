// Makes virtual environments with the Python libraries that the parity tests compare with: one with the newest xgboost and
// what converts its files and PagerDuty's client, and one with the xgboost of Vertex AI's prebuilt container. Nothing else needs them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environments = [
  {
    folder: ".venv",
    wanted: {
      xgboost: "3.2.0",
      "scikit-learn": "1.9.1",
      treelite: "4.8.1",
      onnxmltools: "1.16.0",
      onnxruntime: "1.32.0",
      pagerduty: "7.2.0",
    },
  },
  // Newer ones cannot be had in Vertex AI's prebuilt container: its images end with 2-1.
  { folder: ".venv-vertex", wanted: { xgboost: "2.1.4", numpy: "2.3.5", scipy: "1.16.3" } },
];

function run(what, command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status === 0) return;
  process.stderr.write(
    `mrdata: ${what} failed (${done.error?.message ?? `status ${done.status}`}): Python 3.11 or newer with venv and access to PyPI are needed\n`,
  );
  process.exit(1);
}

for (const { folder, wanted } of environments) {
  const venv = join(root, folder);
  const python = join(venv, "bin", "python");
  const check = Object.entries(wanted)
    .map(([name, version]) => `assert v("${name}") == "${version}"`)
    .join("; ");
  const isThere =
    existsSync(python) &&
    spawnSync(python, ["-c", `from importlib.metadata import version as v; ${check}`]).status === 0;
  if (!isThere) {
    const names = Object.keys(wanted).join(", ");
    process.stderr.write(`mrdata: installing ${names} into ${folder} (once, a minute or two) ...\n`);
    run(`making ${folder}`, "python3", ["-m", "venv", venv]);
    const pins = Object.entries(wanted).map(([name, version]) => `${name}==${version}`);
    run("installing", python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins]);
  }
}
process.stdout.write(`${join(root, ".venv", "bin", "python")}\n`);
