import type { ActionTaken, Decision, Mode, Outcome, Verdict } from "@mrdata/incident";
import type { BudgetEvidence, Result } from "@mrdata/responder";

/** An incident that something was decided of, with how it ended. Times are milliseconds since the epoch. */
export type ReportIncident = {
  readonly incident: string;
  readonly service: string;
  /** As PagerDuty called it when the incident opened; null where it was never said. */
  readonly serviceName: string | null;
  readonly title: string | null;
  /** Key of the alarm (the alert type): where its page is. */
  readonly alarm: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly mode: Mode;
  readonly decision: Decision;
  readonly decidedBy: string;
  /** Of self-resolving, from 0 to 1; null where the bot abstained. */
  readonly probability: number | null;
  readonly outcome: Outcome | null;
  readonly result: Result;
  /** How long its page was kept back, seconds; 0 where it was not. */
  readonly heldSeconds: number;
  /** The incident in PagerDuty, as a webhook named it; shown only where it is an https address. */
  readonly pagerDutyUrl: string | null;
};

/** What is held now, and until when. */
export type HeldIncident = Omit<ReportIncident, "outcome" | "result" | "heldSeconds" | "closedAt"> & {
  readonly until: number;
};

/** How a service stands. `verdict`: what the doctor's checks of it came to when they were last made. */
export type ReportService = {
  readonly service: string;
  readonly name: string | null;
  readonly mode: Mode;
  /** The escalation policy that begins with the bot; null where it is on none. */
  readonly policy: string | null;
  readonly who: string;
  /** When its mode was given; 0 where nobody gave one. */
  readonly at: number;
  readonly why: string;
  readonly verdict: { readonly kind: "good" | "bad" | "none"; readonly sentence: string };
};

/** An alarm that a person's note took from the bot, and who wrote it when and where. */
export type ForbiddenAlarm = {
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  readonly who: string | null;
  readonly at: number;
  readonly incident: string;
};

/** The miss budget: figures as a sentence, and the evidence that it is exceeded after each incident that needed a human. */
export type ReportBudget = {
  readonly sentence: string;
  /** From 0 to 1, or more where more than all of it is spent. */
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
  /** What the champion promises, as a sentence; null where it was not read. */
  readonly certificate: string | null;
  readonly lastTraining: string | null;
  /** When the next training begins by itself; null where none does. */
  readonly nextTrainingAt: number | null;
  readonly paused: string | null;
  readonly drifted: readonly string[];
};

/** All that the report page shows. Times are milliseconds since the epoch. */
export type ReportData = {
  /** The moment that it tells of, and from when on. */
  readonly at: number;
  readonly since: number;
  /** The reader's time zone, an IANA name. */
  readonly timeZone: string;
  readonly windowMs: number;
  readonly disarmed: { readonly who: string; readonly at: number; readonly why: string } | null;
  /** Why nothing is held although nobody disarmed the bot: settings that it cannot read. */
  readonly settingsProblem: string | null;
  /** The newest first. */
  readonly incidents: readonly ReportIncident[];
  /** True where older ones of the same time were left out. */
  readonly isCut: boolean;
  readonly held: readonly HeldIncident[];
  /** Null where the settings cannot be read. */
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
  /** Null where nothing was decided of it. */
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

/** What is known of an alarm under one of its names. */
export type AlarmLevel = {
  readonly name: string;
  /** Outcomes known, and how many of these resolved themselves, of the last 400 days. */
  readonly decided: number;
  readonly selfResolved: number;
};

/** One alarm: its names, its past, and what the bot believes of it. */
export type AlarmReport = {
  readonly timeZone: string;
  readonly alarm: string;
  readonly title: string | null;
  readonly service: string;
  readonly serviceName: string | null;
  /** The finest first. */
  readonly levels: readonly AlarmLevel[];
  /** The newest first. */
  readonly past: readonly {
    readonly incident: string;
    readonly openedAt: number;
    /** Seconds that it was open; null while it is. */
    readonly lastedSeconds: number | null;
    readonly outcome: Outcome | null;
  }[];
  /** What was decided of the latest one; null where nothing was. */
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
