import type { ActionTaken, Decision, Mode, Outcome, Verdict } from "@mrdata/incident";
import type { BudgetEvidence, Result } from "@mrdata/responder";

/** An incident with its decision and outcome. Times are milliseconds since the epoch. The keys here are those of `--json`. */
export type ReportIncident = {
  readonly incident: string;
  readonly service: string;
  /** Its name in PagerDuty when the incident opened; null if unknown. */
  readonly serviceName: string | null;
  readonly title: string | null;
  /** Key of the alert type, and of its page. */
  readonly alarm: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly mode: Mode;
  readonly decision: Decision;
  readonly decidedBy: string;
  /** Probability of self-resolving, from 0 to 1; null if the bot abstained. */
  readonly probability: number | null;
  readonly outcome: Outcome | null;
  readonly result: Result;
  /** How long its page was held, seconds; 0 if it was not. */
  readonly heldSeconds: number;
  /** The incident's address in PagerDuty, from a webhook; only shown if it is an https address. */
  readonly pagerDutyUrl: string | null;
};

/** An incident that is held now, and until when. */
export type HeldIncident = Omit<ReportIncident, "outcome" | "result" | "heldSeconds" | "closedAt"> & {
  readonly until: number;
};

/** The state of a service. `verdict`: the result of the latest checks of the doctor. */
export type ReportService = {
  readonly service: string;
  readonly name: string | null;
  readonly mode: Mode;
  /** The escalation policy with the bot on level 1; null if none. */
  readonly policy: string | null;
  readonly who: string;
  /** When its mode was set; 0 if it never was. */
  readonly at: number;
  readonly why: string;
  readonly verdict: { readonly kind: "good" | "bad" | "none"; readonly sentence: string };
};

/** An alarm that a note forbids the bot to hold, with its author, time and incident. */
export type ForbiddenAlarm = {
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  readonly who: string | null;
  readonly at: number;
  readonly incident: string;
};

/** The miss budget as a sentence, and the evidence that it is exceeded after each incident that needed a human. */
export type ReportBudget = {
  readonly sentence: string;
  /** Share spent: from 0 to 1, or more if it is exceeded. */
  readonly spent: number;
  readonly warning: string | null;
  readonly exceeded: string | null;
  readonly evidence: BudgetEvidence | null;
  readonly line: readonly { readonly at: number; readonly evidence: number }[];
};

export type ReportModels = {
  readonly champion: string | null;
  readonly challenger: string | null;
  readonly previous: string | null;
  /** The champion's promise as a sentence; null if it was not read. */
  readonly certificate: string | null;
  readonly lastTraining: string | null;
  /** When the next scheduled training starts; null if none does. */
  readonly nextTrainingAt: number | null;
  readonly paused: string | null;
  readonly drifted: readonly string[];
};

/** Everything that the report page shows. Times are milliseconds since the epoch. */
export type ReportData = {
  /** The end of the period (now), and its start. */
  readonly at: number;
  readonly since: number;
  /** The reader's time zone, an IANA name. */
  readonly timeZone: string;
  readonly windowMs: number;
  readonly disarmed: { readonly who: string; readonly at: number; readonly why: string } | null;
  /** Why the settings keep everything from being held although the bot is not disarmed; null if they do not. */
  readonly settingsProblem: string | null;
  /** Newest first. */
  readonly incidents: readonly ReportIncident[];
  /** True if older incidents of the period were left out. */
  readonly isCut: boolean;
  /** If nothing was decided in the period: when the last incident before it with a decision opened; else null. */
  readonly lastDecidedAt: number | null;
  readonly held: readonly HeldIncident[];
  /** Null if the settings cannot be read. */
  readonly budget: ReportBudget | null;
  readonly services: readonly ReportService[];
  readonly models: ReportModels;
  readonly forbidden: readonly ForbiddenAlarm[];
};

/** One incident: what was predicted, why, and what happened. */
export type IncidentReport = {
  readonly timeZone: string;
  readonly incident: string;
  readonly title: string | null;
  readonly service: string | null;
  readonly serviceName: string | null;
  readonly alarm: string | null;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly outcome: Outcome | null;
  readonly pagerDutyUrl: string | null;
  /** Null without a decision. */
  readonly decision: {
    readonly row: ReportIncident;
    readonly model: string;
    readonly abstained: string | null;
    readonly holdUntil: number | null;
    readonly verdicts: readonly Verdict[];
    readonly reasons: readonly string[];
    readonly taken: ActionTaken;
  } | null;
  readonly events: readonly {
    readonly type: string;
    readonly actor: string;
    readonly at: number;
    readonly note: string | null;
  }[];
};

/** The track record of an alarm under one of its names. */
export type AlarmLevel = {
  readonly name: string;
  /** Known outcomes of the last 400 days, and how many of these resolved themselves. */
  readonly decided: number;
  readonly selfResolved: number;
};

/** One alarm: its names, its past, and the latest decision. */
export type AlarmReport = {
  readonly timeZone: string;
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  /** From the finest to the coarsest. */
  readonly levels: readonly AlarmLevel[];
  /** Newest first. */
  readonly past: readonly {
    readonly incident: string;
    readonly openedAt: number;
    /** Seconds for which it was open; null while it still is. */
    readonly lastedSeconds: number | null;
    readonly outcome: Outcome | null;
  }[];
  /** The decision on the latest incident; null if there was none. */
  readonly latest: {
    readonly at: number;
    readonly probability: number | null;
    readonly abstained: string | null;
    readonly decision: Decision;
    readonly decidedBy: string;
    readonly sentence: string | null;
    readonly reasons: readonly string[];
  } | null;
  readonly forbidden: ForbiddenAlarm | null;
};
