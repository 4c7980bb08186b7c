// Makes a virtual environment with PagerDuty's MCP server, which runs on Python 3.12 alone. Only a test of the double needs it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(root, ".venv-mcp");
const wanted = "pagerduty-mcp==1.1.0";
const python = join(venv, "bin", "python");

const ended = (command, args) => spawnSync(command, args, { encoding: "utf8" });
const is312 = (command) =>
  ended(command, ["-c", "import sys, venv; assert sys.version_info[:2] == (3, 12)"]).status === 0;

function fail(sentence) {
  process.stderr.write(`mrdata: ${sentence}\n`);
  process.exit(1);
}

/** pyenv's `python3.12` is there and does nothing unless that version is chosen: its own is asked for. */
function findPython() {
  const ofPyenv = ended("pyenv", ["prefix", "3.12"]);
  const found = ["python3.12", "python3", join(ofPyenv.stdout?.trim() || root, "bin", "python")].find(is312);
  return found ?? fail("Python 3.12 with venv is not there: pagerduty-mcp runs on no other");
}

const check = `from importlib.metadata import version as v; assert "pagerduty-mcp==" + v("pagerduty-mcp") == "${wanted}"`;
if (!existsSync(python) || ended(python, ["-c", check]).status !== 0) {
  const made = ended(findPython(), ["-m", "venv", venv]);
  if (made.status !== 0) fail(`making .venv-mcp failed: ${made.stderr}`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted];
  const installed = ended(python, pip);
  if (installed.status !== 0) fail(`installing ${wanted} failed: ${installed.stderr}`);
}
process.stdout.write(`${python}\n`);
