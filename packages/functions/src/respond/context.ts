import type { IncidentEvent } from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import type { Ledger } from "@mrdata/platform";
import type { LedgerOf } from "@mrdata/runtime";
import type { PagingContext } from "../paging/page-and-record.ts";
import { createPager, type Pager, type PagerPorts } from "../paging/pager.ts";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import type { TakeBackPorts } from "../paging/take-back.ts";
import { writeAnswer } from "../paging/write-note.ts";
import type { PushedPorts } from "../push/push-handler.ts";
import type { AccountRecords } from "./can-be-woken.ts";
import type { QueryChallenger } from "./challenger.ts";
import type { Champion } from "./champion.ts";
import { createGather } from "./decision-inputs.ts";
import type { respondManifest } from "./manifest.ts";
import { createNoteCommandHandler } from "./note-commands.ts";
import type { QueryEndpoint } from "./query-endpoint.ts";
import type { DetailsPorts } from "./read-details.ts";

export type RespondPorts = PushedPorts & {
  readonly ledger: LedgerOf<typeof respondManifest>;
  /** Null while no PagerDuty token is configured: the bot can then only decide and record. */
  readonly pagerduty:
    | (NonNullable<PagerPorts["pagerduty"]> &
        NonNullable<PagingContext["notes"]> &
        NonNullable<DetailsPorts["pager"]> &
        AccountRecords)
    | null;
  readonly champion: Champion;
  /** Queries the challenger; omitted where there is none. */
  readonly challenger?: QueryChallenger;
  /** Queries the endpoint about an incident that would be held; omitted where there is none. */
  readonly queryEndpoint?: QueryEndpoint;
};

export type RespondOptions = {
  readonly identity: Identity;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  /** Used where the settings name none. */
  readonly fallbackPolicy: string | null;
  /** Whether a sweep runs the checks of armed services; false only where the account is safe by construction. */
  readonly checks: boolean;
};

/** What every path of an event through `respond` uses. */
export type RespondContext = PagingContext & {
  readonly ledger: PagingContext["ledger"] &
    Pick<Ledger, "prediction" | "recordEvent"> & {
      incident(id: string): Promise<{ readonly events: readonly IncidentEvent[] } | null>;
    };
  readonly champion: Champion;
  readonly queryChallenger: QueryChallenger;
  readonly queryEndpoint: QueryEndpoint;
  readonly pager: Pick<Pager, "pageIfWaiting" | "hasSpareCalls" | "fallbackPolicy">;
  readonly pagerduty: (TakeBackPorts["pagerduty"] & NonNullable<DetailsPorts["pager"]>) | null;
  readonly identity: Identity;
  /** PagerDuty id of the bot's user; null while it has none. */
  readonly bot: string | null;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  readonly gather: ReturnType<typeof createGather>;
  readonly handleNoteCommand: ReturnType<typeof createNoteCommandHandler>;
};

export function createRespondContext(ports: RespondPorts, options: RespondOptions): RespondContext {
  const { ledger, clock, log, champion, pagerduty } = ports;
  const { identity, windowMs, fallbackPolicy, checks } = options;
  const bot = identity.botUser;
  const pager = createPager(
    { ledger, clock, log, pagerduty },
    { bot, fallbackPolicy, automationUsers: identity.automationUsers ?? [] },
  );
  const paging: PagingContext = { ledger, clock, log, pager, notes: pagerduty };
  return {
    ...paging,
    ledger,
    pager,
    champion,
    queryChallenger: ports.challenger ?? (async () => {}),
    queryEndpoint: ports.queryEndpoint ?? (async (decided) => decided),
    pagerduty,
    identity,
    bot,
    windowMs,
    gather: createGather({ ledger, log }, { windowMs, bot, checks }),
    handleNoteCommand: createNoteCommandHandler({
      ledger,
      clock,
      log,
      pager: pagerduty,
      releaseLive: (...of) => releaseLiveHolds(paging, ...of),
      answer: (event, text) => writeAnswer(paging, event, text),
    }),
  };
}
