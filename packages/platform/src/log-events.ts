/**
 * The log-based metric, and optionally the alarm, that the deployment creates for one event. Its playbook is
 * `docs/playbooks/SLUG.md`.
 */
export type CountedEvent = {
  readonly slug: string;
  readonly description: string;
  /** The one function whose entries count; absent means every function. */
  readonly loggedBy?: "receive" | "respond" | "record" | "sweep" | "learn" | "retrain" | "probe";
  /** Fields of the entry that the count is split by. */
  readonly labels?: readonly string[];
  /** A numeric field whose distribution the metric records; `bounds` of the buckets, ascending. */
  readonly value?: { readonly field: string; readonly unit: string; readonly bounds: readonly number[] };
  /** A person is notified of every occurrence. */
  readonly alarm?: {
    readonly severity: "CRITICAL" | "ERROR" | "WARNING";
    readonly title: string;
    /** What it means and what to do, for the person it wakes. */
    readonly text: string;
    /** Only entries with this label. */
    readonly only?: Readonly<Record<string, string>>;
  };
};

/**
 * Every log event by name, with its metric (docs/decisions/0058). A name that is not listed cannot be logged, and
 * a listed name that is never logged fails a test.
 */
export const logEvents = {
  "action.unrecorded": null,
  "agent.took-over": {
    slug: "agent-took-over",
    description: "Times that a program took an incident which the bot held",
    alarm: {
      severity: "CRITICAL",
      title: "A program took what the bot held",
      text: "A program acknowledged, reassigned or moved an incident that the bot held, which stops the timer that would have reached a person. The bot gives it to the fallback policy; see that it reached somebody, and keep that program off what waits on the bot: the log names both.",
    },
  },
  "alarm.drilled": {
    slug: "alarm-drill",
    description: "Test alarms that a person asked for",
    loggedBy: "sweep",
    alarm: {
      severity: "WARNING",
      title: "A test alarm",
      text: "Somebody ran `mrdata drill --alarms` to see that alarms arrive. Nothing is wrong. If you did not expect it, the log says who asked.",
    },
  },
  "armings.unreadable": null,
  "assigned.by-hand": {
    slug: "assigned-by-hand",
    description: "Looks at which an incident waited that a person had assigned to the bot",
    loggedBy: "sweep",
    alarm: {
      severity: "ERROR",
      title: "An incident is with the bot, and nobody is paged for it",
      text: "Somebody assigned an incident to the bot's user by hand. Such an assignment never escalates, and what a person moved the bot leaves alone: nobody is notified. Reassign it to a person, or escalate it; the log names the incident.",
    },
  },
  "bot.disarmed": null,
  "budget.ended": null,
  "budget.spent": {
    slug: "disarmed",
    description: "Times that the bot disarmed itself because the miss budget was spent",
    loggedBy: "sweep",
    alarm: {
      severity: "ERROR",
      title: "The bot disarmed itself",
      text: "The miss budget is spent: the bot holds nothing any more and pages at once. Look at what it held with `mrdata explain`, and arm it again with `mrdata arm` once you agree.",
    },
  },
  "budget.warned": {
    slug: "budget-warned",
    description: "Hours in which something spoke for a miss rate above the budget",
    loggedBy: "sweep",
    alarm: {
      severity: "WARNING",
      title: "The miss budget may not be kept",
      text: "The evidence that the miss rate is above the budget is a third of the way (in logarithms) to where the bot disarms itself, or the share of the last 30 days is at the budget. It holds on. Look at the misses with `mrdata decisions --since 30d` and at the line of evidence with `mrdata status`, before it stops by itself.",
    },
  },
  "bus.failed": null,
  "calibration.broken": {
    slug: "calibration-broken",
    description:
      "Times that the bot disarmed itself because more incidents needed a human than the model said",
    loggedBy: "retrain",
    alarm: {
      severity: "ERROR",
      title: "The model is too sure, and the bot disarmed itself",
      text: "More incidents needed a human than the model said would, beyond chance. The bot holds nothing any more and pages at once; a training has begun. Look at `mrdata status` and `mrdata jobs`, and arm it again with `mrdata arm` once a version that you trust is champion.",
    },
  },
  "challenger.failed": null,
  "champion.overdue": {
    slug: "champion-overdue",
    description: "Times that no version had become champion for 30 days",
    loggedBy: "retrain",
    alarm: {
      severity: "WARNING",
      title: "No new champion for 30 days",
      text: "The champion was trained more than 30 days ago, and no training since has made one that earned its place. After its limit (`modelMaxAge`, 90 days) it is refused and everything is paged. `mrdata jobs` says why each training failed or what its version lacked.",
    },
  },
  "champion.unreadable": null,
  "check.failed": {
    slug: "checks-failed",
    description: "Needed checks that failed for an armed service",
    loggedBy: "sweep",
    alarm: {
      severity: "ERROR",
      title: "What an armed service needs does not hold",
      text: "A needed check failed for an armed service, and the bot disarmed that service: everything that comes to it is paged at once. `mrdata doctor` shows which, and how to fix it. It stays disarmed until you arm it again with `mrdata arm`.",
    },
  },
  "check.unknown": null,
  "check.unreliable": {
    slug: "checks-unreliable",
    description: "Needed checks that could not be answered for 15 minutes",
    loggedBy: "sweep",
    alarm: {
      severity: "ERROR",
      title: "What an armed service needs has not been known for 15 minutes",
      text: "A needed check of an armed service could not be answered for 15 minutes: PagerDuty did not answer, or answered with something that cannot be read. Nothing of that service is held until it can; the first good answer ends that by itself. `mrdata doctor` shows what could not be read.",
    },
  },
  "circumstances.unreadable": null,
  "decision.in-time": {
    slug: "decisions-in-time",
    description:
      "Openings whose decision was stored within 60 s of their being accepted, the probe's among them",
    loggedBy: "respond",
  },
  "deployment.unnoted": null,
  "details.missing": null,
  "details.unrecorded": null,
  "document.unreadable": {
    slug: "document-unreadable",
    description: "Stored documents that could not be read and were set aside",
    alarm: {
      severity: "ERROR",
      title: "Something stored cannot be read",
      text: "A stored document could not be read and was set aside: a hold of which something cannot be read counts as a miss, what else it said is not taken into account. The log names the document and the field.",
    },
  },
  "drift.failed": null,
  "digest.done": null,
  "digest.unsent": null,
  "drift.found": {
    slug: "drift",
    description: "Things that are no more as the model learnt them: a service, a share, its calibration",
    loggedBy: "retrain",
    alarm: {
      severity: "WARNING",
      title: "Something is no more as the model learnt it",
      text: "A service clears itself less or more often than it did, more incidents are new to the model, or its probabilities no longer hold: the log and `mrdata status` say which, in figures. A training has begun.",
    },
  },
  "endpoint.differs": {
    slug: "endpoint-differs",
    description: "Incidents that the endpoint scored otherwise than the bot's own process, by the same model",
    loggedBy: "respond",
    alarm: {
      severity: "ERROR",
      title: "The endpoint and the bot do not agree about the same model",
      text: "The endpoint in Vertex AI and the bot's own process scored one incident by the same model version, and got different numbers. It was paged, and so is every other that they differ about. The log has both numbers; set `hosting` to none until you know which of them is right.",
    },
  },
  "endpoint.unused": null,
  "event.recorded": null,
  "event.repeated": null,
  "failure.unrecorded": null,
  "fallback.unreadable": null,
  "feedback.heard": null,
  "feedback.refused": null,
  "function.cut": null,
  "function.draining": null,
  "function.failed": null,
  "guard-rail.failed": null,
  "hold.missed": null,
  "hold.released": null,
  "hold.unreadable": null,
  "hold.unsettled": {
    slug: "hold-unsettled",
    description: "Holds of which the end could not be noted",
    alarm: {
      severity: "ERROR",
      title: "How a hold ended could not be noted",
      text: "Whether a hold was a miss could not be found out or written, so the miss budget does not count it. sweep tries again every minute; the log names the incident and the reason.",
    },
  },
  "incident.dated-in-the-future": null,
  "incident.paged": null,
  "history.imported": null,
  "history.unreadable": null,
  "job.done": null,
  "job.failed": {
    slug: "training-failed",
    description: "Jobs that train and failed",
    loggedBy: "learn",
    alarm: {
      severity: "WARNING",
      title: "A training failed",
      text: "A job that trains failed, and the champion stays. `mrdata jobs` says why; the next training comes by schedule.",
    },
  },
  "job.started": null,
  "job.waiting": null,
  "message.dead": null,
  "message.failed": null,
  "model.loaded": null,
  "model.refused": {
    slug: "model-refused",
    description: "Model versions that were refused: too old, another window, broken",
    loggedBy: "respond",
    alarm: {
      severity: "WARNING",
      title: "The model is too old or cannot be used",
      text: "respond refuses the champion: it is too old, for another window, or broken. Until another is promoted every incident is paged. Train one with `mrdata train`, then `mrdata models promote`.",
    },
  },
  "need.missing": {
    slug: "need-missing",
    description: "Times that a function asked for what its manifest does not name",
    alarm: {
      severity: "CRITICAL",
      title: "A function may not do what it tries to",
      text: "A function asked for something that its manifest does not name, and was refused: a fault of this version. What it was about fails each time. Deploy the version before; the log names the function and the need.",
    },
  },
  "note.failed": null,
  "note.read": null,
  "note.skipped": null,
  "note.unheard": null,
  "notes.caught-up": null,
  "notes.left": null,
  "notes.read": null,
  "opening.accepted": {
    slug: "openings",
    description: "Openings of incidents that were accepted and published, the probe's among them",
    loggedBy: "receive",
    labels: ["probe"],
  },
  "opening.late": null,
  "page.asked": {
    slug: "pages",
    description: "Times that the bot was asked to page, by what it did",
    loggedBy: "respond",
    labels: ["action"],
  },
  "page.in-time": {
    slug: "pages-in-time",
    description:
      "Openings that within 60 s of their being accepted waited for no page any more: held, paged, or not the bot's to page; the probe's among them",
    loggedBy: "respond",
  },
  "page.nobody-reached": {
    slug: "nobody-reached",
    description: "Pages for which nobody could be found: no level and no fallback policy reaches a person",
    alarm: {
      severity: "CRITICAL",
      title: "A page reached nobody",
      text: "An incident waits on the bot, which was to page, and no level of its policy and no fallback policy reaches a person. Take it yourself, then put somebody on call: the log names the incident, `mrdata doctor` the gaps.",
    },
  },
  "prediction.stored": {
    slug: "predictions",
    description: "Predictions, by what was decided",
    loggedBy: "respond",
    labels: ["decision", "mode"],
  },
  "probe.done": null,
  "probe.failed": null,
  "probe.heard": {
    slug: "probe-age",
    description:
      "How old the probe's event was when it had gone its whole way, by the function at its end, seconds",
    labels: ["function"],
    value: { field: "ageSeconds", unit: "s", bounds: [1, 2, 5, 10, 30, 60, 120, 300, 900, 3600] },
  },
  "push.failed": null,
  "push.refused": null,
  "push.unreadable": null,
  "request.refused": null,
  "retrain.done": null,
  "settings.rail-unreadable": null,
  "settings.unreadable": {
    slug: "settings-unreadable",
    description: "Times that the settings could not be read",
    alarm: {
      severity: "ERROR",
      title: "The settings cannot be read",
      text: "The settings cannot be read: until they can, nothing is held and everything that waits on the bot is paged at once. `mrdata doctor` names the field, or says that the ledger does not answer.",
    },
  },
  "sweep.done": null,
  "sweep.failed": null,
  "sweep.paged": null,
  "task.done": null,
  "task.failed": null,
  "token.unreadable": null,
  "webhook.ignored": null,
  "webhook.refused": {
    slug: "webhooks-refused",
    description: "Webhooks that were refused",
    loggedBy: "receive",
    labels: ["reason"],
    alarm: {
      severity: "ERROR",
      title: "Webhooks with a wrong signature are refused",
      text: "receive was sent webhooks whose signature does not fit its signing secret. After three in a row PagerDuty disables the webhook subscription for a day, and the bot gets no events. If they are PagerDuty's, the secret is wrong: fix the setting webhookSecret, or the subscription; `mrdata doctor` shows whether the subscription is still enabled, and how to enable it.",
      only: { reason: "signature" },
    },
  },
  "webhook.unpublished": null,
} as const satisfies Readonly<Record<string, CountedEvent | null>>;

export type LogEventName = keyof typeof logEvents;

/** The events with a metric, sorted by name. */
export const countedEvents: readonly (readonly [string, CountedEvent])[] =
  Object.entries<CountedEvent | null>(logEvents).flatMap(([name, counted]) =>
    counted === null ? [] : [[name, counted]],
  );

/** The event that a scheduled function logs at the end of a run. Throws for a function that logs none. */
export function doneEventOf(functionName: string): string {
  const name = `${functionName}.done`;
  if (!Object.hasOwn(logEvents, name))
    throw new Error(`${functionName} logs no '${name}': see log-events.ts`);
  return name;
}
