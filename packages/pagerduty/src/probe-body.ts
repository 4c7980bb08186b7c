import { PROBE } from "./webhook-head.ts";

/**
 * The body of a probe: a V3 webhook of a type that PagerDuty does not have, so that nothing takes it for an incident's.
 *
 * @example
 * ```ts
 * probeBody("PROBE1", 0).event.occurred_at; // => "1970-01-01T00:00:00.000Z"
 * ```
 */
export const probeBody = (id: string, at: number): object => ({
  event: {
    id,
    event_type: PROBE,
    resource_type: "probe",
    occurred_at: new Date(at).toISOString(),
    agent: null,
    client: null,
    data: { type: "probe", message: "Mr Data looks whether its way from webhook to ledger works." },
  },
});
