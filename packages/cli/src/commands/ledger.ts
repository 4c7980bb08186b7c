import { isBeingRestored, LedgerNotEmptyError, restoreDocuments, systemClock } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { identityOf, readExport, readManifest, writeExport } from "../ledger/export-folder.ts";
import { paceOf } from "../pace.ts";
import {
  chooseTarget,
  openDocuments,
  openOrCreateTarget,
  openTarget,
  type TargetOptions,
} from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { whoIs } from "../who.ts";

export type LedgerOptions = TargetOptions & { readonly json: boolean };

const nameOf = (target: Target): string =>
  target.kind === "gcp" ? `gcp:${target.project}/${target.database}` : `local:${target.directory}`;

/** Exports the whole ledger into a folder, as NDJSON. */
async function exportLedger(
  folder: string,
  options: LedgerOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const target = chooseTarget(options, env);
  await (await openTarget(target, env).ledger()).close();
  const store = await openDocuments(target, env);
  try {
    if (await isBeingRestored(store))
      throw new CommandError(
        "an import into this ledger is not at its end: what it has is a part. Run that import again first",
        exitCodes.usage,
      );
    terminal.progress("reading the ledger …");
    const pace = paceOf(Date.now);
    const { files } = await writeExport(store, folder, {
      target: nameOf(target),
      at: systemClock.now(),
      progress: (done) => terminal.progress(`reading the ledger: ${done} documents${pace(done)}`),
    });
    const documents = Object.values(files).reduce((sum, file) => sum + file.documents, 0);
    const counts = Object.fromEntries(
      Object.entries(files).map(([name, file]) => [name.replace(".ndjson", ""), file.documents]),
    );
    if (options.json) terminal.out(JSON.stringify({ folder, documents, ...counts }));
    else {
      for (const [name, count] of Object.entries(counts)) terminal.out(`${name}: ${count}`);
      terminal.say(
        `${documents} documents in ${folder}. Titles of incidents are among them: keep it as you keep the ledger. Model versions are not: they are files of their own.`,
      );
    }
  } finally {
    await store.close();
  }
}

/** Documents between two progress reports. */
const PROGRESS_INTERVAL = 500;

/** Yields the same items and reports their count at intervals. */
async function* counted<Item>(
  items: AsyncIterable<Item>,
  report: (done: number) => void,
): AsyncIterable<Item> {
  let done = 0;
  for await (const item of items) {
    done++;
    if (done % PROGRESS_INTERVAL === 0) report(done);
    yield item;
  }
}

/** Restores an export into an empty ledger. No service is armed afterwards. */
async function importLedger(
  folder: string,
  options: LedgerOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const target = chooseTarget(options, env);
  const manifest = await readManifest(folder);
  await (await openOrCreateTarget(target, env).ledger()).close();
  const store = await openDocuments(target, env);
  try {
    terminal.progress("writing the ledger …");
    const of = Object.values(manifest.files).reduce((sum, { documents }) => sum + documents, 0);
    const pace = paceOf(Date.now);
    const documents = counted(readExport(folder, manifest), (done) =>
      terminal.progress(`writing the ledger: ${done} of ${of} documents${pace(done, of)}`),
    );
    const decided = {
      who: whoIs(undefined),
      at: systemClock.now(),
      why: `imported from ${manifest.target} as of ${manifest.at}: arm again what is to be armed`,
    };
    const { written, already, disarmed } = await restoreDocuments(
      store,
      documents,
      decided,
      identityOf(manifest),
    );
    const champion = (await store.get("aliases/champion"))?.data.version ?? null;
    if (options.json) terminal.out(JSON.stringify({ documents: written, disarmed, champion }));
    else {
      const before =
        already === 0 ? "" : ` ${already} of them were there from an import that was broken off.`;
      terminal.out(`${written} documents of ${manifest.target}, as of ${manifest.at}.${before}`);
      terminal.out(
        disarmed.length === 0
          ? "No service was armed."
          : `Nothing is armed any more: ${disarmed.join(", ")}. 'mrdata doctor', then 'mrdata arm' for each.`,
      );
      if (typeof champion === "string")
        terminal.out(
          `The champion is ${champion}, whose files are not in an export: 'mrdata models verify ${champion}' says whether they are here and keep what they promise.`,
        );
    }
  } catch (error) {
    if (!(error instanceof LedgerNotEmptyError)) throw error;
    throw new CommandError(
      `${error.message}. An import goes into an empty ledger only, so that no two pasts are mixed: name another target`,
      exitCodes.usage,
    );
  } finally {
    await store.close();
  }
}

export const declareLedger: Declare = (program, { terminal, env }) => {
  const ledger = program
    .command("ledger")
    .description("the whole of what the bot remembers, as files: to keep, or to take elsewhere");
  onTarget(ledger.command("export <dir>"))
    .description("writes every document of the ledger into a new folder, as NDJSON")
    .addHelpText(
      "after",
      `
One file a collection, a document a line: {"path": "incidents/…", "data": {…}}; export.json, with counts and hashes, comes
last. Nothing is locked: stop the bot, or take it that what happens meanwhile is in it by half. Reads everything once, which
Firestore charges for.

Examples:
  mrdata ledger export backup-2026-03-02
  mrdata ledger export backup-2026-03-02 --target gcp:my-project/mrdata`,
    )
    .action((dir, options) => exportLedger(dir, options, terminal, env));
  onTarget(ledger.command("import <dir>"))
    .description("writes an export into an empty ledger; nothing is armed afterwards, until a person arms it")
    .addHelpText(
      "after",
      `
Into an empty ledger only; one that was broken off goes on when it is run again. What ages in Firestore is kept from now on for as long as MRDATA_RETENTION says: set it as
the deployment has it. The champion's files are no part of an export.

Examples:
  mrdata ledger import backup-2026-03-02 --home restored
  mrdata ledger import backup-2026-03-02 --target gcp:my-project/mrdata-restored`,
    )
    .action((dir, options) => importLedger(dir, options, terminal, env));
};
