import { assertDocumentId } from "../document-store.ts";

/** Nothing in these is escaped (ECMA-262, encodeURIComponent), and every one is an id as it is. */
const ordinary = /^[A-Za-z0-9][A-Za-z0-9._~*'()!-]{2,400}$/;

/** Ids come from outside: whatever could change the path is escaped, and what cannot be an id is a RangeError. */
const segment = (id: string): string => {
  if (ordinary.test(id)) return id;
  const escaped = encodeURIComponent(id.toWellFormed());
  assertDocumentId(escaped);
  return escaped;
};

/** Throws RangeError if the event's ids cannot be a document's: waiting will not change them. */
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
  seen: (sign: string) => `seen/${segment(sign)}`,
  /** Moves with every change of a hold. */
  holdsMark: "marks/holds",
  /** Needed checks that could not be answered. */
  lastChecks: "marks/checks",
  feedbacks: "feedback",
  feedback: (alertType: string) => `feedback/${segment(alertType)}`,
  challenges: "challenges",
  challenge: (incident: string) => `challenges/${segment(incident)}`,
  jobs: "jobs",
  job: (id: string) => `jobs/${segment(id)}`,
  tasks: "tasks",
  task: (job: string, name: string) => `tasks/${segment(`${job}.${name}`)}`,
  /** Which job runs and which wait, and what learning by itself has to keep in mind. */
  learning: "settings/learning",
  failure: (messageId: string) => `failures/${segment(messageId)}`,
};
