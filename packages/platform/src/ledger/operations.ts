import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

/** Why a message could not be processed at its last attempt. */
export type Failure = { readonly reason: string; readonly source: string; readonly at: number };

/** The functions' settings as text, by variable; never a secret. `at`: milliseconds since the epoch. */
export type Deployment = { readonly at: number; readonly environment: Readonly<Record<string, string>> };

/**
 * `ping`: a test webhook requested from PagerDuty passed through the whole pipeline. `sweep`: a sweep could write, and
 * notes written before it have been processed. `probe-…`: the probe's event was fully processed by that function.
 */
export type LifeSign = "ping" | "sweep" | "probe-respond" | "probe-record" | AlarmDrillSign;

/** A person asked for a test alarm; `sweep` logged it. */
type AlarmDrillSign = "alarm-drill-asked" | "alarm-drill-sent";

/** The bot's own health: failures, signs of life, and its deployed configuration. */
export type Operations = {
  /** `of` identifies the failed message independently of its message id, which may change on the way. */
  noteFailure(of: string, failure: Failure): Promise<void>;
  failure(of: string): Promise<Failure | null>;
  /** Records a sign of life, milliseconds since the epoch. */
  noteSeen(sign: LifeSign, at: number): Promise<void>;
  /** When that sign of life was last recorded, or null. */
  lastSeen(sign: LifeSign): Promise<number | null>;
  /** Records the functions' environment, so that other programs can inspect the bot as deployed. */
  noteDeployment(deployment: Deployment): Promise<void>;
  deployment(): Promise<Deployment | null>;
};

const deploymentDocument = z.object({ at: z.number(), environment: z.record(z.string(), z.string()) });
const seenDocument = z.object({ at: z.number() });
const failureDocument = z.object({ reason: z.string(), source: z.string(), at: z.number() });

/** `home` as in `keptSettingsIn`: recording a deployment also marks where the settings belong. */
export const operationsIn = (store: DocumentStore, home: string | null): Operations => ({
  noteFailure: (of, failure) => store.set(paths.failure(of), failure),
  async failure(of) {
    const document = await store.get(paths.failure(of));
    return document === null ? null : decode(failureDocument, document);
  },
  noteSeen: (sign, at) => store.set(paths.seen(sign), { at }),
  async lastSeen(sign) {
    const document = await store.get(paths.seen(sign));
    return document === null ? null : decode(seenDocument, document).at;
  },
  async noteDeployment(deployment) {
    await store.set(paths.deployment, deployment);
    if (home === null) return;
    // Settings written before their home was recorded: from now on a copy of them is recognised.
    await store.transaction(async (transaction) => {
      const document = await transaction.get(paths.settings);
      if (document !== null && document.data.home === undefined)
        transaction.set(paths.settings, { ...document.data, home });
    });
  },
  async deployment() {
    const document = await store.get(paths.deployment);
    return document === null ? null : decode(deploymentDocument, document);
  },
});
