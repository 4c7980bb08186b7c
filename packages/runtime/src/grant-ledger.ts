import { type Ledger, type LedgerGrants, ledgerCapabilities, trainingReads } from "@mrdata/platform";

/** Calls of a ledger, or of a part of it, that are not granted, each with the name of the missing grant. */
type Missing = ReadonlyMap<string | symbol, string>;
type Refuse = (need: string) => never;

/**
 * The ledger restricted to the granted calls: any other call only calls `refuse` with the name of the missing grant
 * (`ledger.settings: write`). If no ledger was opened, nothing can be granted, and everything except `close` is refused.
 */
export function grantLedger(
  ledger: Ledger | null,
  grants: LedgerGrants,
  refuse: Refuse,
): Partial<Ledger> & Pick<Ledger, "close"> {
  const missing = missingOf(grants);
  if (ledger === null) return refusing({ close: async () => {} }, missing, refuse);
  const training = refusing(ledger.training, missingOfTraining(ledger.training, grants), refuse);
  return new Proxy(refusing(ledger, missing, refuse), {
    get: (target, call) => (call === "training" ? training : Reflect.get(target, call)),
  });
}

function missingOf(grants: LedgerGrants): Missing {
  const given = new Map<string, "read" | "write">(Object.entries(grants));
  const missing = new Map<string, string>();
  for (const [capability, { reads, writes }] of Object.entries(ledgerCapabilities)) {
    const granted = given.get(capability);
    // A part whose calls are refused one by one.
    if (capability === "training") continue;
    if (granted === undefined) for (const call of reads) missing.set(call, `ledger.${capability}: read`);
    if (granted !== "write") for (const call of writes) missing.set(call, `ledger.${capability}: write`);
  }
  return missing;
}

function missingOfTraining(training: Ledger["training"], { training: granted }: LedgerGrants): Missing {
  const missing = new Map<string, string>();
  if (granted === "write") return missing;
  for (const call of Object.keys(training)) {
    const isRead = trainingReads.some((read) => read === call);
    if (!isRead || granted === undefined) missing.set(call, `ledger.training: ${isRead ? "read" : "write"}`);
  }
  return missing;
}

function refusing<T extends object>(of: T, missing: Missing, refuse: Refuse): T {
  return new Proxy(of, {
    get(target, call) {
      const need = missing.get(call);
      if (need === undefined) return Reflect.get(target, call);
      // It returns no promise that could be rejected.
      return call === "pastIncidents" ? () => refuse(need) : async () => refuse(need);
    },
  });
}
