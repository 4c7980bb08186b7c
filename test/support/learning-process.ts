// Does the tasks of trainings on a home until it is killed, or the job that it is told of has ended.
import { startLocalLearning } from "@mrdata/functions";
import { allIndexes, createLedger, systemClock } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles, readEnvironment } from "@mrdata/runtime";

const [home = "", job = "", workers = "2"] = process.argv.slice(2);
const ledger = createLedger(openEmbeddedStore({ file: localFiles(home).ledger, indexes: allIndexes }));
const learning = await startLocalLearning({
  home,
  workers: Number(workers),
  ledger,
  environment: readEnvironment({ MRDATA_TARGET: `local:${home}` }),
  clock: systemClock,
  log: () => {},
});
process.stdout.write("ready\n");
for (;;) {
  const state = (await ledger.training.job(job))?.state;
  if (state === "done" || state === "failed") break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await learning.close();
await ledger.close();
