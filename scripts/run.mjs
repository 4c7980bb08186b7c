// node scripts/run.mjs FILE [ARG ...]: sets the clone up, then runs FILE on Node 24 with that Node first on PATH.
import { runOnNode24 } from "./node24.mjs";

await runOnNode24(process.argv.slice(2));
