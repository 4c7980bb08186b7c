import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode } from "./decode.ts";
import { paths } from "./paths.ts";

/** Why a message could not be processed the last time it was tried. */
export type Failure = { readonly reason: string; readonly source: string; readonly at: number };

/** The functions' settings as text, by variable; never a secret. `at`: milliseconds since the epoch. */
export type Deployment = { readonly at: number; readonly environment: Readonly<Record<string, string>> };

/**
 * `ping`: a webhook that PagerDuty sent because it was asked to, on its way through everything. `sweep`: a sweep could write;
 * what people wrote in notes before it has been heard. `probe-…`: the probe's event came to the end of its way in that function.
 */
export type LifeSign = "ping" | "sweep" | "probe-respond" | "probe-record" | AlarmDrillSign;

/** A person asked for a test alarm; `sweep` logged it. */
type AlarmDrillSign = "alarm-drill-asked" | "alarm-drill-sent";

/** How the bot itself is: what failed, what came through, with what it runs. */
export type Operations = {
  /** `of` names what failed so that it is found again whatever id the message gets on its way. */
  noteFailure(of: string, failure: Failure): Promise<void>;
  failure(of: string): Promise<Failure | null>;
  /** Notes that a sign of life came through, milliseconds since the epoch. */
  noteSeen(sign: LifeSign, at: number): Promise<void>;
  /** When it last did, or null. */
  lastSeen(sign: LifeSign): Promise<number | null>;
  /** Notes with which environment the functions run, so that others can look at the bot as it is. */
  noteDeployment(deployment: Deployment): Promise<void>;
  deployment(): Promise<Deployment | null>;
};

const deploymentDocument = z.object({ at: z.number(), environment: z.record(z.string(), z.string()) });
const seenDocument = z.object({ at: z.number() });
const failureDocument = z.object({ reason: z.string(), source: z.string(), at: z.number() });

/** `home` as `keptSettingsIn` takes it: noting a deployment is what says of settings where they are. */
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
    // Settings that were written before it was noted where: from now on a copy of them is known as one.
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
