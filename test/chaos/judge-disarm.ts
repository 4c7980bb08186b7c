import type { Fault } from "./faults.ts";
import { seconds } from "./judge-spells.ts";
import type { Stretch } from "./on-and-off.ts";
import { GIVEN_UP, type SaidDisarm } from "./say-disarm.ts";

const SECOND = 1_000;
/** How long after the webhook, whatever fails; the settings are looked at every five seconds. */
const AFTER_WEBHOOK = 60 * SECOND;
/** And without a webhook, where the incident waits on the bot until the bot takes it to people; or once the ledger answers again. */
const WITHOUT_WEBHOOK = 120 * SECOND;
const LOOK = 5 * SECOND;

/** Whoever said "mrdata: disarm" was obeyed in time: what is wrong, in sentences. */
export function judgeDisarm(
  said: readonly SaidDisarm[],
  faults: readonly { readonly fault: Fault; readonly stretches: readonly Stretch[] }[],
): readonly string[] {
  const during = (which: (fault: Fault) => boolean): readonly Stretch[] =>
    faults.filter(({ fault }) => which(fault)).flatMap(({ stretches }) => stretches);
  const ledgerFails = during((fault) => fault.ledgerFails === true).toSorted((a, b) => a.from - b.from);
  const notReading = [
    ...ledgerFails,
    ...during(({ takes, readsFail }) => takes === "bot" || readsFail === true),
  ];

  const dueAt = ({ at, webhookAt, waitedUntil, sweptAt }: SaidDisarm): number | null => {
    if (webhookAt !== null) {
      let from = webhookAt;
      let allowed = AFTER_WEBHOOK;
      for (const stretch of ledgerFails)
        if (stretch.from <= from + allowed && stretch.to > from) {
          from = stretch.to;
          allowed = WITHOUT_WEBHOOK;
        }
      return from + allowed;
    }
    const reads = !notReading.some(({ from, to }) => from < at + WITHOUT_WEBHOOK && to > at);
    const isSeen = sweptAt !== null || waitedUntil >= at + WITHOUT_WEBHOOK;
    return reads && isSeen ? at + WITHOUT_WEBHOOK : null;
  };
  return said
    .flatMap((one): string[] => {
      const due = dueAt(one);
      if (one.overruled || due === null) return [];
      const { obeyedAt, incident, at, webhookAt } = one;
      if (obeyedAt !== null && obeyedAt <= due + LOOK) return [];
      // The ledger hardly ever answered in all the time in which anybody looked.
      if (obeyedAt === null && due > at + GIVEN_UP) return [];
      const when =
        obeyedAt === null ? "was not obeyed at all" : `was obeyed after ${seconds(obeyedAt - at)} s`;
      const told =
        webhookAt === null ? "without a webhook" : `${seconds(webhookAt - at)} s after it the webhook came`;
      return [`"mrdata: disarm" on ${incident} ${when}; ${told}`];
    })
    .slice(0, 5);
}
