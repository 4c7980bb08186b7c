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

/** Asks the challenger about what was decided of an incident, and stores what it said. Never rejects. */
export type AskChallenger = (
  decided: Pick<Prediction, "incident" | "features" | "probability" | "openedAt">,
  observed: Valued,
) => Promise<void>;

const LOOK_AGAIN_MS = 60_000;
/** The incident is held or paged by then; this is how much later the message may be acknowledged. */
const PATIENCE_MS = 2_000;

type Standing = { readonly version: string; readonly ask: ReturnType<typeof probabilityOf> } | null;

/**
 * The challenger, asked beside the champion: its probability is stored and does nothing. It is asked after the incident
 * was held or paged; what fails, or takes long, is left out and logged.
 */
export function createChallenger(
  { ledger, models, clock, log }: ChallengerPorts,
  { window }: { readonly window: number },
): AskChallenger {
  let standing: Standing = null;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<Standing> {
    const now = clock.now();
    if (now - lookedAt < LOOK_AGAIN_MS) return standing;
    // Before the reading: what cannot be read is not tried again with every incident.
    lookedAt = now;
    const version = await ledger.alias("challenger");
    if (version === standing?.version) return standing;
    standing = null;
    if (version === null) return null;
    const read = await readVersion((file) => models.read(version, file));
    if (read.card.window * 1000 === window) standing = { version, ask: probabilityOf(read) };
    return standing;
  }

  async function ask(
    { incident, features, openedAt }: Parameters<AskChallenger>[0],
    observed: Valued,
  ): Promise<void> {
    const challenger = await look();
    if (challenger === null) return;
    const { version } = challenger;
    await ledger.noteChallenge({
      incident,
      version,
      probability: challenger.ask(features, observed),
      openedAt,
    });
  }

  return async (decided, observed) => {
    // Where the champion said nothing there is nothing to be beside.
    if (decided.probability === null) return;
    try {
      await withinMs(clock, PATIENCE_MS, "the challenger", () => ask(decided, observed));
    } catch (error) {
      const { incident } = decided;
      log({ severity: "WARNING", event: "challenger.failed", incident, reason: reasonOf(error) });
    }
  };
}
