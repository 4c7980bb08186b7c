import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@mrdata/base";
import { type ModelVersion, versionFiles } from "@mrdata/learning";
import { CommandError } from "../exit-codes.ts";
import { openOrCreateTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import {
  assertFits,
  assertVersionName,
  type ModelsOptions,
  type OpenedModels,
  onModels,
  publishedVersion,
  readableVersion,
} from "./on-models.ts";
import { promoteVersion } from "./promote-version.ts";
import { publishNext } from "./publish-version.ts";
import { shortfallSentence } from "./shortfall-sentence.ts";

export type PromoteOptions = ModelsOptions & { readonly evenSo: boolean; readonly iKnow: boolean };

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
  const version = await readableVersion(folder, async (file) => files.get(file) ?? null);
  await onModels(
    options,
    env,
    async ({ ledger, models, windowMs }) => {
      const name = await publishNext(models, files);
      if (options.json)
        terminal.out(JSON.stringify({ version: name, promoted: options.promote, card: version.card }));
      else terminal.out(`${name} is published.`);
      if (options.promote) await promoteTo(name, version, { ledger, models, windowMs }, options, terminal);
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
  onModels(options, env, async ({ ledger, models, windowMs }) => {
    assertVersionName(name);
    const version = await publishedVersion(name, models);
    await promoteTo(name, version, { ledger, models, windowMs }, options, terminal);
    if (options.json) terminal.out(JSON.stringify({ champion: name }));
  });

async function promoteTo(
  name: string,
  { card }: ModelVersion,
  { ledger, models, windowMs }: OpenedModels,
  { json, evenSo, iKnow }: PromoteOptions,
  terminal: Terminal,
): Promise<void> {
  assertFits(name, card, windowMs);
  const { threshold, suspicions = [] } = card;
  await promoteVersion(ledger, models, { version: name, threshold, suspicions }, { evenSo, iKnow });
  if (json) return;
  terminal.out(`${name} is champion now: running functions follow within half a minute.`);
  if (card.remark !== null) terminal.say(card.remark);
  const shortfall = await shortfallSentence(name, card, ledger);
  if (shortfall !== null) terminal.say(shortfall);
  terminal.say("The way back: mrdata models rollback");
}
