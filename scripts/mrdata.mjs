#!/usr/bin/env node
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { runOnNode24 } from "./node24.mjs";

await runOnNode24([join(root, "packages/cli/src/main.ts"), ...process.argv.slice(2)]);
