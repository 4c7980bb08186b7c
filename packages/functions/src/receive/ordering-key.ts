import { isCareful, spokenIn, wordOf } from "@mrdata/incident";

/** The head of a webhook: which event of which incident. */
type Head = { readonly type: string; readonly incident: string };

/**
 * The key in whose order an event is delivered: its incident's; and none for a note that makes the bot more careful, so that
 * nothing that fails before it keeps it from being heard. What allows something (`ok to hold`) keeps its place. Who wrote
 * the note is asked where it is heard; here it decides only what it waits for.
 */
export const orderingKeyOf = ({ type, incident }: Head, payload: unknown): string =>
  type === "annotated" && isCareful(wordOf(spokenIn(noteIn(payload)))) ? "" : incident;

/** The text of a note in a webhook's JSON; "" where there is none (developer docs, Webhooks: incident.annotated). */
function noteIn(payload: unknown): string {
  const content = fieldOf(fieldOf(fieldOf(payload, "event"), "data"), "content");
  return typeof content === "string" ? content : "";
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
