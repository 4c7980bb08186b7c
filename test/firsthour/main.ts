// npm run firsthour [vitest arguments]: a first `up` with each delay and failure alone, and with every two of them.
import { spawnSync } from "node:child_process";

const args = ["node_modules/vitest/vitest.mjs", "run", "--project=firsthour", ...process.argv.slice(2)];
const env = { ...process.env, MRDATA_FIRSTHOUR: "all" };
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
