import { certificateShortfall, type ModelCard } from "@mrdata/learning";
import { reasonOf } from "@mrdata/runtime";
import type { CheckOptions, CheckPorts } from "./check-ports.ts";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

const DAY_MS = 86_400_000;
const train = "mrdata train --promote";

/** Checks that there is a champion which is readable, recent, and trained for the window in use. */
export async function checkChampion(
  { ledger, cardOf, clock }: CheckPorts,
  { windowMs, maxModelAge }: CheckOptions,
): Promise<{ readonly check: Check; readonly windowMs: number }> {
  const name = "champion" as const;
  let card: ModelCard;
  let alias: string | null;
  try {
    alias = await ledger.alias("champion");
  } catch (error) {
    const why = `Which model version is champion could not be read: ${reasonOf(error)}.`;
    return { windowMs, check: unknown({ name }, why, "Run the checks again.") };
  }
  if (alias === null)
    return {
      windowMs,
      check: failed({ name }, "No model version is champion.", `Train one and promote it: ${train}`),
    };
  const subject = alias;
  try {
    card = await cardOf(subject);
  } catch (error) {
    const fix = `Roll back (mrdata models rollback), or train anew: ${train}`;
    return {
      windowMs,
      check: failed({ name, subject }, `Model version ${alias} is refused: ${reasonOf(error)}.`, fix),
    };
  }
  const trainedWindow = card.window * 1000;
  const age = clock.now() - Date.parse(card.trainedAt);
  const days = Math.floor(age / DAY_MS);
  if (age > maxModelAge)
    return {
      windowMs: trainedWindow,
      check: failed(
        { name, subject },
        `Model version ${alias} was trained ${days} days ago, and ${Math.floor(maxModelAge / DAY_MS)} are the most.`,
        `Train a new one and promote it: ${train}`,
      ),
    };
  if (trainedWindow !== windowMs)
    return {
      windowMs: trainedWindow,
      check: failed(
        { name, subject },
        `Model version ${alias} was trained for a window of ${card.window} s, and the functions work with ${windowMs / 1000} s.`,
        `Set MRDATA_WINDOW=${card.window}s, or train for the other: ${train} --window ${windowMs / 1000}s`,
      ),
    };
  const shortfall = await shortfallOf(card, ledger);
  const holds =
    card.threshold === null
      ? "; it holds nothing, as its card says"
      : shortfall === null
        ? ""
        : `; it ${shortfall}, so nothing is held above annotate until a new one is trained: ${train}`;
  return {
    windowMs: trainedWindow,
    check: ok({ name, subject }, `Model version ${alias} is champion, trained ${days} days ago${holds}.`),
  };
}

/** Why its certificate does not cover the current settings; unreadable settings are reported by another check. */
async function shortfallOf({ certificate }: ModelCard, ledger: CheckPorts["ledger"]): Promise<string | null> {
  try {
    const { missBudget: budget, certificate: set } = await ledger.settings();
    return certificateShortfall(certificate, { budget, delta: set.delta });
  } catch {
    return certificate === null ? "has no certificate for the miss budget" : null;
  }
}
