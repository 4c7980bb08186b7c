// npm run firsthour [-- --part K/N] [vitest arguments]: a first `up` with each delay and failure alone, and with every two of them.
import { spawnSync } from "node:child_process";
import { readPart } from "./parts.ts";

const given = process.argv.slice(2);
const isPart = given[0] === "--part";
const part = isPart ? readPart(given[1] ?? "") : { part: 1, of: 1 };
const more = given.slice(isPart ? 2 : 0);

const args = ["node_modules/vitest/vitest.mjs", "run", "--project=firsthour", ...more];
const env = { ...process.env, MRDATA_FIRSTHOUR: `${part.part}/${part.of}` };
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
