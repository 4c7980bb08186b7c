// npm run pack: dist/mrdata-cli-VERSION.tgz, for `npm install -g ./dist/…`. npm run install:cli: packs and installs it.
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { packCli } from "./package/pack-cli.ts";

const { file } = await packCli(join(import.meta.dirname, "../dist"));
const shown = `./${relative(process.cwd(), file)}`;
if (process.argv.includes("--install")) {
  const done = spawnSync("npm", ["install", "-g", "--no-audit", "--no-fund", file], { stdio: "inherit" });
  if (done.status !== 0) {
    process.stderr.write(
      `mrdata: npm could not install ${shown} for all folders. Where it may not write, name a folder of yours:\n  npm install -g --prefix ~/.local ${shown}     # then ~/.local/bin has to be in PATH\n`,
    );
    process.exit(1);
  }
  process.stdout.write("mrdata is installed: 'mrdata --help'. Completion: 'mrdata completion --help'.\n");
} else process.stdout.write(`${shown}\n  npm install -g ${shown}\n`);
