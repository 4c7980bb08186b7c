import { itemAt, outOfRange } from "@mrdata/base";
import { ModelRefusedError, readCard, suspicionRemark } from "@mrdata/learning";
import type { ModelStore, Obstacle } from "@mrdata/platform";
import { z } from "zod";
import { jsonOf } from "./bytes.ts";
import { judge } from "./gate/judge.ts";
import { misfitOf } from "./gate/misfit.ts";
import { rivalsOf } from "./gate/rivals.ts";
import { triedBefore, withTriedInVain } from "./gate/tried-before.ts";
import { vanishedFeatures } from "./gate/vanished.ts";
import { type Done, featuresNames, type TaskOutcome } from "./graph.ts";
import { readMatrix } from "./matrix.ts";
import { resultName } from "./names.ts";
import { pruneVersions } from "./prune.ts";
import { fitsIn, outcomeOf, type TaskJob } from "./run-task.ts";
import { TrainingFailedError } from "./spec.ts";
import { type PublishIo, resultOf, resultOr } from "./task-io.ts";
import { backtestOf, chosenIn } from "./tasks/choose.ts";
import { drawResult } from "./tasks/draw.ts";
import { jsonIn } from "./tasks/read.ts";
import { filesOf, trainedOf } from "./trained.ts";

/** The result of publishing a version. `reason`: why it is not champion. */
export type Published = TaskOutcome & { readonly version: string; readonly reason: string | null };

const publishedResult = z.object({ version: z.string(), fallback: z.string().optional() });

/**
 * Publishes the trained version, once, and promotes it if it passes the gate. Rejects with TrainingFailedError for
 * a version that is too good to be true, because an unattended job has nobody to explain it.
 */
export async function publishTask({ job, spec }: TaskJob, done: Done, io: PublishIo): Promise<Published> {
  const trained = await trainedOf(done, io);
  const { suspicions = [] } = trained.card;
  if (spec.unattended && suspicions.length > 0)
    throw new TrainingFailedError(`it is not published: ${suspicionRemark(suspicions)}`);
  const name = resultName("published", [job, outcomeOf(done, "train").result]);
  const standsIn =
    trained.card.certificate === null && (!spec.unattended || (await needsFallback(io)))
      ? trained.fallbackVersion
      : null;
  const bytes = await resultOr(io, name, async () => {
    const version = await publishOnce(filesOf(trained), io.models);
    if (standsIn === null) return jsonOf({ version });
    return jsonOf({ version, fallback: await publishOnce(filesOf(standsIn), io.models) });
  });
  const { version, fallback } = publishedResult.parse(jsonIn(bytes));
  if (!spec.unattended)
    return {
      result: name,
      version,
      ...(fallback !== undefined && { fallback }),
      reason: "A person started the job, and promotes what it made, or does not.",
    };
  const why = await promoteIfItPasses(version, { job, spec }, done, io);
  await pruneVersions(spec.now, io);
  if (fallback === undefined || why === null) return { result: name, version, reason: why };
  const reason = `${why} The alert type's own rate has a certificate, and is ${fallback}: 'mrdata models promote ${fallback}'.`;
  return { result: name, version, fallback, reason };
}

/** Whether the historical rate may serve as fall-back: there is no champion, or the champion is such a rate and grows stale. */
async function needsFallback({ ledger, models }: Pick<PublishIo, "ledger" | "models">): Promise<boolean> {
  const champion = await ledger.alias("champion");
  if (champion === null) return true;
  try {
    return (await readCard((file) => models.read(champion, file))).learner === "historical-rate";
  } catch (error) {
    // The functions reject it, too.
    if (error instanceof ModelRefusedError) return true;
    throw error;
  }
}

/** The next version number; or the version that already has these files, if an earlier attempt died after publishing it. */
async function publishOnce(files: ReadonlyMap<string, Uint8Array>, models: ModelStore): Promise<string> {
  const numbers = (await models.versions()).map((version) => Number(version.slice(1)));
  const newest = numbers.toSorted((a, b) => b - a).slice(0, 5);
  const card = Buffer.from(files.get("card.json") ?? []);
  for (const number of newest) {
    const there = await models.read(`v${number}`, "card.json");
    if (there !== null && card.equals(there)) return `v${number}`;
  }
  const version = `v${Math.max(0, ...numbers) + 1}`;
  try {
    await models.publish(version, files);
  } catch (error) {
    // A retry would be as large.
    if (error instanceof RangeError)
      throw new TrainingFailedError(`it cannot be published: ${error.message}`);
    throw error;
  }
  return version;
}

/**
 * Null if there is no champion with a readable card, and for a date in the future: it comes from a wrong clock, and no
 * version would ever be newer.
 */
async function championTrainedAt({ ledger, models, now = Date.now }: PublishIo): Promise<number | null> {
  const champion = await ledger.alias("champion");
  if (champion === null) return null;
  try {
    const trainedAt = Date.parse((await readCard((file) => models.read(champion, file))).trainedAt);
    return trainedAt <= now() ? trainedAt : null;
  } catch (error) {
    if (error instanceof ModelRefusedError) return null;
    throw error;
  }
}

/** Null if it is champion now; otherwise why it is not, with the figures. */
async function promoteIfItPasses(
  version: string,
  { job, spec }: TaskJob,
  done: Done,
  io: PublishIo,
): Promise<string | null> {
  const { ledger, models, windowMs } = io;
  const champion = await ledger.alias("champion");
  // An earlier attempt promoted it, which included everything below in one write.
  if (champion === version) return null;
  const draw = drawResult.parse(jsonIn(await resultOf(io, outcomeOf(done, "draw").result)));
  const features = featuresNames(draw.places.map(([partition]) => partition)).map((one) =>
    outcomeOf(done, one),
  );
  const matrix = await readMatrix(spec, draw, features, io);
  const tried = await backtestOf(spec, draw, matrix, fitsIn(done), io);
  const chosen = chosenIn(await resultOf(io, outcomeOf(done, "choose").result));
  const { card } = chosen;
  const { incidents, apart } = tried.replay;
  /** The number of counted incidents that became known to need a human after a moment. */
  const realSince = (after: number): number =>
    matrix.labels.reduce((sum, label, i) => {
      const knownAt = matrix.knownAt[i] ?? outOfRange();
      const counts = label === 0 && knownAt > after && knownAt <= spec.now;
      return sum + Number(counts && apart?.has(itemAt(incidents, i).id) !== true);
    }, 0);
  const real = realSince(Number.NEGATIVE_INFINITY);
  const before = triedBefore(await ledger.training.state(), { job, spec });
  const failing = judge(
    {
      threshold: card.threshold,
      certificate: card.certificate,
      remark: card.remark,
      windowMs: card.window * 1000,
      trainedAt: spec.now,
      real,
      vanished: vanishedFeatures(tried.replay, tried.details),
      suspicions: card.suspicions ?? [],
    },
    await rivalsOf({ tried, chosen, spec }, { ledger, models: withoutVersion(models, version) }),
    {
      budget: spec.certificate.budget,
      windowMs,
      triedInVain: before === null ? null : { real: before.real, since: realSince(before.at) },
      championTrainedAt: await championTrainedAt(io),
    },
  );
  if (failing.some(({ rule }) => rule === "certificate"))
    await ledger.training.changeState((state) => withTriedInVain(state, { job, spec }, real));
  if (failing.length === 0) {
    const { learners } = spec;
    const obstacle = await ledger.promoteByItself(version, {
      champion,
      misfit: (settings) => misfitOf(spec, settings),
      learnt: (state) => ({
        ...state,
        uncertified: null,
        uncertifiedBy: [],
        ...(learners !== undefined && { learners: { ...learners } }),
      }),
    });
    if (obstacle === null) return null;
    await ledger.setAlias("challenger", version);
    return sentenceOf(obstacle, champion);
  }
  await ledger.setAlias("challenger", version);
  return failing.map(({ sentence }) => sentence).join(" ");
}

function sentenceOf(obstacle: Obstacle, champion: string | null): string {
  switch (obstacle.kind) {
    case "paused":
      return `It would be champion, and nothing becomes champion by itself since ${new Date(obstacle.paused.at).toISOString()}: ${obstacle.paused.why}. 'mrdata models resume' lets it again.`;
    case "champion":
      return `It was set beside ${champion === null ? "no champion" : `the champion ${champion}`}, and meanwhile ${obstacle.champion === null ? "there is none any more" : `${obstacle.champion} became champion`}: the next training is set beside that.`;
    case "settings":
      return obstacle.sentence;
  }
}

const withoutVersion = (models: ModelStore, version: string): ModelStore => ({
  ...models,
  versions: async () => (await models.versions()).filter((one) => one !== version),
});
