import type { Ledger } from "./ledger.ts";

type Members = { readonly reads: readonly (keyof Ledger)[]; readonly writes: readonly (keyof Ledger)[] };

/**
 * The capabilities of a ledger, each with the calls that read and those that write. `training` is a separate object, of whose
 * calls `trainingReads` are the read-only ones.
 */
export const ledgerCapabilities = {
  timelines: {
    reads: ["incident", "incidentsOfAlertType", "pastIncidents"],
    writes: ["recordEvent", "recordPast"],
  },
  trackRecords: {
    reads: ["trackRecords", "recordsBeside", "organisationCounts", "openedWithin"],
    writes: [],
  },
  decisions: {
    reads: ["prediction", "predictions"],
    writes: ["createPrediction", "noteAction", "claimNote"],
  },
  holds: { reads: ["holdsSince", "unsettledHolds"], writes: ["endHold", "settleHold", "reopenHold"] },
  misses: { reads: ["missCounts", "missTrail"], writes: [] },
  feedback: { reads: ["alertTypeFeedback", "keptFeedback"], writes: ["noteFeedback"] },
  checks: { reads: ["lastChecks"], writes: ["noteLastChecks"] },
  settings: { reads: ["settings"], writes: ["saveSettings", "changeSettings", "noteDisarming"] },
  aliases: { reads: ["alias"], writes: ["promote", "promoteByItself", "demote", "setAlias"] },
  challenges: { reads: ["challenges"], writes: ["noteChallenge"] },
  operations: {
    reads: ["failure", "lastSeen", "deployment", "countedArmings"],
    writes: ["noteFailure", "noteSeen", "noteDeployment", "noteCountedArmings"],
  },
  training: { reads: ["training"], writes: [] },
} as const satisfies Readonly<Record<string, Members>>;

export const trainingReads = [
  "job",
  "jobs",
  "tasksOf",
  "state",
] as const satisfies readonly (keyof Ledger["training"])[];

export type LedgerCapability = keyof typeof ledgerCapabilities;

/** The granted capabilities. Write access includes read access. */
export type LedgerGrants = Readonly<Partial<Record<LedgerCapability, "read" | "write">>>;

type GrantedMembers<G extends LedgerGrants> = {
  [C in keyof G & LedgerCapability]:
    | (typeof ledgerCapabilities)[C]["reads"][number]
    | (G[C] extends "write" ? (typeof ledgerCapabilities)[C]["writes"][number] : never);
}[keyof G & LedgerCapability];

/** The ledger restricted to the calls that these grants allow. */
export type GrantedLedger<G extends LedgerGrants> = Pick<
  Ledger,
  "close" | ([G] extends [never] ? never : GrantedMembers<G>)
>;

/** The store access that the grants need together: write if any of them does. */
export const accessOf = (grants: LedgerGrants): "read" | "write" =>
  Object.values(grants).includes("write") ? "write" : "read";
