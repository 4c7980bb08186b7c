import { assertDocumentId } from "../document-store.ts";

/** Fast path: ids that need no escaping (ECMA-262, encodeURIComponent) and are valid as they are. */
const ordinary = /^[A-Za-z0-9][A-Za-z0-9._~*'()!-]{2,400}$/;

/** Ids come from outside: anything that could change the path is escaped, and an invalid id is a RangeError. */
const segment = (id: string): string => {
  if (ordinary.test(id)) return id;
  const escaped = encodeURIComponent(id.toWellFormed());
  assertDocumentId(escaped);
  return escaped;
};

/** Throws RangeError if the event's ids cannot be document ids: a retry would not help. */
export function assertKeepable(event: { readonly incident: string; readonly id: string }): void {
  segment(event.incident);
  segment(event.id);
}

export const paths = {
  incidents: "incidents",
  predictions: "predictions",
  settings: "settings/bot",
  incident: (id: string) => `incidents/${segment(id)}`,
  events: (incident: string) => `incidents/${segment(incident)}/events`,
  event: (incident: string, id: string) => `incidents/${segment(incident)}/events/${segment(id)}`,
  prediction: (incident: string) => `predictions/${segment(incident)}`,
  record: (key: string) => `records/${segment(key)}`,
  alias: (name: string) => `aliases/${segment(name)}`,
  model: (version: string) => `models/${segment(version)}`,
  deployment: "settings/deployment",
  /** Which export is being restored into the ledger; deleted with the last write of the restore. */
  restoring: "settings/restoring",
  seen: (sign: string) => `seen/${segment(sign)}`,
  /** Changes with every change of a hold. */
  holdsMark: "marks/holds",
  /** Required checks that could not be answered. */
  lastChecks: "marks/checks",
  /** The armings by which evidence was last counted. */
  countedArmings: "marks/armings",
  feedbacks: "feedback",
  feedback: (alertType: string) => `feedback/${segment(alertType)}`,
  challenges: "challenges",
  challenge: (incident: string) => `challenges/${segment(incident)}`,
  jobs: "jobs",
  job: (id: string) => `jobs/${segment(id)}`,
  tasks: "tasks",
  task: (job: string, name: string) => `tasks/${segment(`${job}.${name}`)}`,
  /** The running and queued jobs, and the state of automatic learning. */
  learning: "settings/learning",
  failure: (messageId: string) => `failures/${segment(messageId)}`,
};
