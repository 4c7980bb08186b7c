import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@mrdata/base";
import {
  certificateSentence,
  ModelRefusedError,
  type ModelVersion,
  readVersion,
  type Verified,
  verifyCertificates,
  versionFiles,
} from "@mrdata/learning";
import { isModelVersion, type Ledger, type ModelStore } from "@mrdata/platform";
import { Option } from "commander";
import { openAsNoted } from "../as-noted.ts";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type Beside, type Comparison, compareVersions } from "../models/compare-versions.ts";
import { aliasesOf, type ListedVersion, listVersions } from "../models/list-versions.ts";
import { promoteVersion } from "../models/promote-version.ts";
import { publishNext } from "../models/publish-version.ts";
import { durationWith } from "../option-types.ts";
import { chooseTarget, openOrCreateTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type ModelsOptions = TargetOptions & { readonly json: boolean };
export type PromoteOptions = ModelsOptions & { readonly evenSo: boolean; readonly iKnow: boolean };

type Opened = {
  readonly ledger: Ledger;
  readonly models: ModelStore;
  /** The hold window that the functions work with, milliseconds. */
  readonly window: number;
};

async function on<T>(
  options: ModelsOptions,
  env: NodeJS.ProcessEnv,
  work: (opened: Opened) => Promise<T>,
  open = openTarget,
): Promise<T> {
  const { ledger, backend, window } = await openAsNoted(chooseTarget(options, env), env, open);
  try {
    return await work({ ledger, models: await backend.models(), window });
  } finally {
    await ledger.close();
  }
}

export const list = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  on(options, env, async ({ ledger, models }) => {
    const versions = await listVersions(models, ledger);
    if (options.json) for (const version of versions) terminal.out(JSON.stringify(version));
    else for (const version of versions) terminal.out(lineOf(version, terminal));
    if (versions.length === 0 && !options.json)
      terminal.say("No model version is published: mrdata train --promote makes the first.");
  });

function lineOf(version: ListedVersion, { bold, dim }: Terminal): string {
  const aliases = version.aliases.join(", ");
  const name = `${bold(version.version.padEnd(5))} ${aliases.padEnd(10)}`;
  if (version.refused !== null) return `${name}  refused: ${version.refused}`;
  const { trainedAt, window, threshold, incidents, learner, auc } = version;
  const holds = threshold === null ? "holds nothing" : `holds from ${(100 * threshold).toFixed(0)} % on`;
  return `${name}  trained ${trainedAt?.slice(0, 10)}, window ${window} s, ${holds} ${dim(`(${learner}, ${incidents} incidents, AUC ${auc?.toFixed(3)})`)}`;
}

/** Publishes a version's folder, as `mrdata train --out` writes it. */
export async function publish(
  folder: string,
  options: PromoteOptions & { readonly promote: boolean },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for (const file of versionFiles) {
    try {
      files.set(file, readFileSync(join(folder, file)));
    } catch (error) {
      throw new CommandError(`${folder} is not a version's folder: ${messageOf(error)}`);
    }
  }
  const version = await readable(folder, async (file) => files.get(file) ?? null);
  await on(
    options,
    env,
    async ({ ledger, models, window }) => {
      const name = await publishNext(models, files);
      if (options.json)
        terminal.out(JSON.stringify({ version: name, promoted: options.promote, card: version.card }));
      else terminal.out(`${name} is published.`);
      if (options.promote) await promoteTo(name, version, { ledger, models, window }, options, terminal);
      else if (!options.json) terminal.say(`It is not champion: that takes 'mrdata models promote ${name}'.`);
    },
    openOrCreateTarget,
  );
}

export const promote = (
  name: string,
  options: PromoteOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  on(options, env, async ({ ledger, models, window }) => {
    if (!isModelVersion(name))
      throw new CommandError(`'${name}' is not a model version: expected v1, v2 …`, exitCodes.usage);
    const version = await published(name, models);
    await promoteTo(name, version, { ledger, models, window }, options, terminal);
    if (options.json) terminal.out(JSON.stringify({ champion: name }));
  });

async function promoteTo(
  name: string,
  { card }: ModelVersion,
  { ledger, models, window }: Opened,
  { json, evenSo, iKnow }: PromoteOptions,
  terminal: Terminal,
): Promise<void> {
  assertFits(name, card, window);
  const { threshold, suspicions = [] } = card;
  await promoteVersion(ledger, models, { version: name, threshold, suspicions }, { evenSo, iKnow });
  if (json) return;
  terminal.out(`${name} is champion now: running functions follow within half a minute.`);
  if (card.remark !== null) terminal.say(card.remark);
  terminal.say("The way back: mrdata models rollback");
}

/** Throws CommandError for a version that the running functions would refuse: they page everything then. */
function assertFits(name: string, { window: trained }: ModelVersion["card"], window: number): void {
  if (trained * 1000 !== window)
    throw new CommandError(
      `${name} was trained for a window of ${trained} s, and the functions work with ${window / 1000} s (MRDATA_WINDOW): they would refuse it and page everything`,
    );
}

/** Recomputes a version's certificates from the rows in its folder; ends with 4 where one says something else. */
export const verify = (
  name: string,
  options: ModelsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  on(options, env, async ({ models }) => {
    if (!isModelVersion(name))
      throw new CommandError(`'${name}' is not a model version: expected v1, v2 …`, exitCodes.usage);
    const verified = verifyCertificates(await published(name, models));
    if (options.json) terminal.out(JSON.stringify({ version: name, certificates: verified }));
    else for (const line of verified.flatMap(verifiedLines)) terminal.out(line);
    const problems = verified.flatMap(({ of, problem }) =>
      problem === null ? [] : [`the certificate of ${whose[of]}: ${problem}`],
    );
    if (problems.length > 0)
      throw new CommandError(`${name} cannot be verified: ${problems.join("; ")}`, exitCodes.unhealthy);
  });

const whose = { version: "the version", fallback: "the alert type's own rate" } as const;

function verifiedLines({ of, certificate, problem, incidents }: Verified): readonly string[] {
  if (certificate === null) return [`${whose[of]}: no certificate`];
  if (problem !== null) return [`${whose[of]}: ${problem}`];
  const { real, misses, missesAllowed, upperBound, threshold } = certificate;
  return [
    `${whose[of]}: recomputed, and the same`,
    `  ${certificateSentence(certificate)}`,
    `  from ${(100 * threshold).toFixed(2)} % on: ${misses} of ${real} held, ${missesAllowed} allowed, upper bound ${(100 * upperBound).toFixed(2)} %`,
    `  rows: ${incidents.length} real incidents, ${incidents.at(0)} to ${incidents.at(-1)} (all ids: --json)`,
  ];
}

/** Makes the previous champion champion again. Twice is where one was. */
export const rollback = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  on(options, env, async ({ ledger, models, window }) => {
    const aliases = await aliasesOf(ledger);
    const previous = aliases.get("previous") ?? null;
    const champion = aliases.get("champion") ?? null;
    if (previous === null)
      throw new CommandError("there is no previous champion to go back to: see 'mrdata models list'");
    assertFits(previous, (await published(previous, models)).card, window);
    await ledger.promote(previous);
    // Whoever went back had a reason that no figure knows of.
    const why = `${champion} was rolled back to ${previous}`;
    await ledger.training.changeState((state) => ({ ...state, paused: { at: Date.now(), why } }));
    if (options.json) terminal.out(JSON.stringify({ champion: previous, previous: champion }));
    else
      terminal.out(
        `${previous} is champion again, in place of ${champion}: running functions follow within half a minute.`,
      );
    if (!options.json)
      terminal.say("No version becomes champion by itself from now on, until 'mrdata models resume'.");
  });

/** Goes back to no champion: the alert type's own rate stands in, where it is certified. */
export const demote = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  on(options, env, async ({ ledger }) => {
    const champion = await ledger.alias("champion");
    if (champion === null)
      throw new CommandError("there is no champion: the alert type's own rate stands in already");
    await ledger.demote();
    const why = `${champion} was demoted`;
    await ledger.training.changeState((state) => ({ ...state, paused: { at: Date.now(), why } }));
    if (options.json) terminal.out(JSON.stringify({ champion: null, previous: champion }));
    else
      terminal.out(
        `${champion} is champion no more, and there is none: running functions follow within half a minute, and the alert type's own rate stands in.`,
      );
    if (!options.json)
      terminal.say(
        "The way back: mrdata models rollback. No version becomes champion by itself from now on, until 'mrdata models resume'.",
      );
  });

/** Champion and challenger on what came since: what no replay can tell. */
export const compare = (
  options: ModelsOptions & { readonly since: number },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  on(options, env, async ({ ledger, models }) => {
    const since = Date.now() - options.since;
    const compared = await compareVersions({ ledger, models }, { since, limit: MOST_COMPARED });
    for (const one of compared)
      if (options.json) terminal.out(JSON.stringify(one));
      else for (const line of comparedLines(one, terminal)) terminal.out(line);
    if (compared.length === 0 && !options.json)
      terminal.say("No challenger was asked in this time: 'mrdata models list' shows whether there is one.");
  });

const MOST_COMPARED = 5_000;

function comparedLines(
  { challenger, incidents, real, champion, challengerSaid }: Comparison,
  { bold }: Terminal,
): readonly string[] {
  const line = (name: string, { brier, held, delayed }: Beside) =>
    `  ${name.padEnd(12)} Brier ${brier === null ? "–" : brier.toFixed(3)}, would hold ${held}, real ones among them ${delayed}`;
  return [
    `${bold(challenger)}  asked beside the champion on ${incidents} incidents whose end is known, ${real} of which needed a human or nobody knows`,
    line("champion", champion),
    line("challenger", challengerSaid),
  ];
}

/** Lets versions become champion by themselves again, after a rollback. */
export const resume = (options: ModelsOptions, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<void> =>
  on(options, env, async ({ ledger }) => {
    const { paused } = await ledger.training.state();
    await ledger.training.changeState((state) => ({ ...state, paused: null }));
    if (options.json) terminal.out(JSON.stringify({ resumed: paused !== null }));
    else if (paused === null)
      terminal.out("Nothing stood in the way: versions become champion by themselves.");
    else
      terminal.out(
        "A version that earns its place becomes champion by itself again, from the next training on.",
      );
  });

/** A version that the store has. Throws CommandError where there is none of the name, or where it cannot be used. */
async function published(name: string, models: ModelStore): Promise<ModelVersion> {
  if (!(await models.versions()).includes(name))
    throw new CommandError(`no model version ${name} is published: see 'mrdata models list'`);
  return readable(name, (file) => models.read(name, file));
}

async function readable(name: string, read: Parameters<typeof readVersion>[0]): Promise<ModelVersion> {
  try {
    return await readVersion(read);
  } catch (error) {
    if (error instanceof ModelRefusedError)
      throw new CommandError(`${name} cannot be used: ${error.message}`);
    throw error;
  }
}

const evenSo = ["--even-so", "also if it holds nothing", false] as const satisfies readonly [
  flag: string,
  description: string,
  usual: boolean,
];

const iKnow = [
  "--i-know",
  "also if it is suspect: you know why it is so good",
  false,
] as const satisfies readonly [flag: string, description: string, usual: boolean];

export const declareModels: Declare = (program, { terminal, env }) => {
  const models = program
    .command("models")
    .description("model versions: which there are, which is champion, and the way back")
    .addHelpText(
      "after",
      "\nExamples:\n  mrdata models list\n  mrdata models publish ./version --promote\n  mrdata models rollback",
    );
  onTarget(models.command("list"))
    .description("published versions, newest first, with their aliases")
    .action((options) => list(options, terminal, env));
  onTarget(models.command("publish <folder>"))
    .description("publish a version's folder, as 'mrdata train --out' writes it")
    .option("--promote", "make it champion at once", false)
    .option(...evenSo)
    .addOption(
      new Option("--holding-nothing", "the earlier name of --even-so").hideHelp().implies({ evenSo: true }),
    )
    .option(...iKnow)
    .action((folder, options) => publish(folder, options, terminal, env));
  onTarget(models.command("promote <version>"))
    .description("make a version champion; the one before becomes previous")
    .option(...evenSo)
    .addOption(
      new Option("--holding-nothing", "the earlier name of --even-so").hideHelp().implies({ evenSo: true }),
    )
    .option(...iKnow)
    .action((version, options) => promote(version, options, terminal, env));
  onTarget(models.command("verify <version>"))
    .description("recompute a version's certificates from the rows in its folder, and say which they are")
    .action((version, options) => verify(version, options, terminal, env));
  onTarget(models.command("rollback"))
    .description("make the previous champion champion again")
    .action((options) => rollback(options, terminal, env));
  onTarget(models.command("demote"))
    .description("go back to no champion; the alert type's own rate stands in")
    .action((options) => demote(options, terminal, env));
  onTarget(models.command("compare"))
    .description("champion and challenger beside each other, on the incidents that came since")
    .addOption(durationWith("--since <duration>", "how far back", "90d"))
    .action((options) => compare(options, terminal, env));
  onTarget(models.command("resume"))
    .description("let versions become champion by themselves again, after a rollback")
    .action((options) => resume(options, terminal, env));
};
