// npm run pulumi -- ARGS: Pulumi with the Node that the program needs first on PATH. npm run path: prints its folder.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";

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
    process.stderr.write(
      "mrdata: there is no Pulumi. Install it (https://www.pulumi.com/docs/install), or build it from its Go module: npm run engine\n",
    );
    process.exitCode = 1;
  } else {
    const child = spawn(found, first === undefined ? [] : [first, ...rest], { stdio: "inherit" });
    child.on("exit", (code) => {
      process.exitCode = code ?? 1;
    });
    // A terminal's Ctrl-C reaches Pulumi by itself, which ends in order.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
  }
}
