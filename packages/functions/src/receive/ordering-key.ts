import { feedbackTextIn, isCareful, leadingCommand } from "@mrdata/incident";

/** The head of a webhook: which event of which incident. */
type Head = { readonly type: string; readonly incident: string };

/**
 * The ordering key of an event: its incident, and none for a note that makes the bot more careful, so that no failure
 * before it can delay it. A note that permits something (`ok to hold`) keeps its place. The note's author is checked
 * where the command is executed; here the note only decides what it waits for.
 */
export const orderingKeyOf = ({ type, incident }: Head, payload: unknown): string =>
  type === "annotated" && isCareful(leadingCommand(feedbackTextIn(noteIn(payload)))) ? "" : incident;

/** The text of a note in a webhook's JSON; "" where there is none (developer docs, Webhooks: incident.annotated). */
function noteIn(payload: unknown): string {
  const content = fieldOf(fieldOf(fieldOf(payload, "event"), "data"), "content");
  return typeof content === "string" ? content : "";
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
