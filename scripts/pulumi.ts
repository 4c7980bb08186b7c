// npm run pulumi -- ARGS: Pulumi with the Node that the program needs first on PATH. npm run path: prints its folder.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Commands that ask Google for something. */
const ASKING = ["preview", "up", "update", "refresh", "destroy"];
/** Where the provider looks for a log-in (https://www.pulumi.com/registry/packages/gcp/installation-configuration). */
const LOG_INS = [
  "GOOGLE_CREDENTIALS",
  "GOOGLE_CLOUD_KEYFILE_JSON",
  "GCLOUD_KEYFILE_JSON",
  "GOOGLE_OAUTH_ACCESS_TOKEN",
  "GOOGLE_APPLICATION_CREDENTIALS",
];

/** Says so before the provider ends in its own words; on Google's own machines there is a log-in all the same. */
function sayIfNobodyIsLoggedIn(command: string | undefined): void {
  if (command === undefined || !ASKING.includes(command)) return;
  const folder = process.env.CLOUDSDK_CONFIG ?? join(homedir(), ".config/gcloud");
  const isLoggedIn =
    LOG_INS.some((name) => process.env[name]) ||
    existsSync(join(folder, "application_default_credentials.json"));
  if (!isLoggedIn)
    process.stderr.write(
      "mrdata: Nobody is logged in to Google Cloud here: gcloud auth application-default login\n",
    );
}

/** The CLI that `npm run engine` builds runs with what tests bring: asked for a plan it would only name what it misses. */
function sayIfBuiltForTests(found: string, command: string | undefined): void {
  const isBuilt = found !== "pulumi" && process.env.PULUMI_DEBUG_LANGUAGES === undefined;
  if (isBuilt && command !== undefined && ASKING.includes(command))
    process.stderr.write(
      `mrdata: ${found} was made for the tests: it has no Node host and no gcp plugin. Install Pulumi: https://www.pulumi.com/docs/install\n`,
    );
}

const [first, ...rest] = process.argv.slice(2);

if (first === "--path") process.stdout.write(`${dirname(process.execPath)}\n`);
else {
  const built = globSync(join(import.meta.dirname, "../.tools/pulumi-*/pulumi")).filter((file) =>
    existsSync(file),
  );
  const found = ["pulumi", ...built].find(
    (name) => spawnSync(name, ["version"], { stdio: "ignore" }).status === 0,
  );
  if (found === undefined) {
    process.stderr.write("mrdata: there is no Pulumi. Install it: https://www.pulumi.com/docs/install\n");
    process.exitCode = 1;
  } else {
    sayIfBuiltForTests(found, first);
    sayIfNobodyIsLoggedIn(first);
    const child = spawn(found, first === undefined ? [] : [first, ...rest], { stdio: "inherit" });
    child.on("exit", (code) => {
      process.exitCode = code ?? 1;
    });
    // A terminal's Ctrl-C reaches Pulumi by itself, which ends in order.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
  }
}
