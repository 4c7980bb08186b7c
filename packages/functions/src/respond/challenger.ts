import type { Prediction } from "@mrdata/incident";
import { probabilityOf, readVersion, type Valued } from "@mrdata/learning";
import type { Clock, Ledger, Log, ModelStore } from "@mrdata/platform";
import { reasonOf } from "@mrdata/runtime";
import { withinMs } from "../within.ts";

export type ChallengerPorts = {
  readonly ledger: Pick<Ledger, "alias" | "noteChallenge">;
  readonly models: Pick<ModelStore, "read">;
  readonly clock: Clock;
  readonly log: Log;
};

/** Queries the challenger about an incident that was decided, and stores its probability. Never rejects. */
export type QueryChallenger = (
  decided: Pick<Prediction, "incident" | "features" | "probability" | "openedAt">,
  observed: Valued,
) => Promise<void>;

const POLL_INTERVAL_MS = 60_000;
/** The incident is held or paged by then; this is the most by which the message's acknowledgement is delayed. */
const TIMEOUT_MS = 2_000;

type Standing = { readonly version: string; readonly probabilityOf: ReturnType<typeof probabilityOf> } | null;

/**
 * The challenger, evaluated alongside the champion: its probability is stored and has no effect. It runs after the
 * incident was held or paged; a failure or timeout is logged and leaves the probability out.
 */
export function createChallenger(
  { ledger, models, clock, log }: ChallengerPorts,
  { windowMs }: { readonly windowMs: number },
): QueryChallenger {
  let standing: Standing = null;
  let polledAt = Number.NEGATIVE_INFINITY;

  async function readStanding(): Promise<Standing> {
    const now = clock.now();
    if (now - polledAt < POLL_INTERVAL_MS) return standing;
    // Set before the read: a failed read is not repeated with every incident.
    polledAt = now;
    const version = await ledger.alias("challenger");
    if (version === standing?.version) return standing;
    standing = null;
    if (version === null) return null;
    const read = await readVersion((file) => models.read(version, file));
    if (read.card.window * 1000 === windowMs) standing = { version, probabilityOf: probabilityOf(read) };
    return standing;
  }

  async function storeProbability(
    { incident, features, openedAt }: Parameters<QueryChallenger>[0],
    observed: Valued,
  ): Promise<void> {
    const challenger = await readStanding();
    if (challenger === null) return;
    const { version } = challenger;
    await ledger.noteChallenge({
      incident,
      version,
      probability: challenger.probabilityOf(features, observed),
      openedAt,
    });
  }

  return async (decided, observed) => {
    // Without a champion's probability there is nothing to compare with.
    if (decided.probability === null) return;
    try {
      await withinMs(clock, TIMEOUT_MS, "the challenger", () => storeProbability(decided, observed));
    } catch (error) {
      const { incident } = decided;
      log({ severity: "WARNING", event: "challenger.failed", incident, reason: reasonOf(error) });
    }
  };
}
