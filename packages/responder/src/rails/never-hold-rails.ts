import { readableTitle } from "@mrdata/incident";
import { byRules, type GuardRail, passes, stops } from "../circumstances.ts";

const isIn = (list: readonly string[], value: string): boolean =>
  list.some((one) => one.toLowerCase() === value.toLowerCase());

/**
 * How a title may be read, as alert types read it: in one width and case, with what cannot be seen as a blank, or as nothing.
 * In doubt a title matches, so each way of reading is tried, the title as it is written first.
 */
const readings: readonly ((text: string) => string)[] = [
  (text) => text.toLowerCase(),
  readableTitle,
  (text) => readableTitle(text.normalize("NFKC").replace(/(?!\s)[\p{Cc}\p{Cf}]/gu, "")),
];

/** True where the pattern's parts, of which `*` stands between, come in the title one after the other. */
export const titleMatches = (pattern: string, title: string): boolean =>
  readings.some((read) => {
    const parts = pattern.split("*").map(read);
    // What cannot be seen is no pattern once it is gone: it would match every title.
    return parts.join("").trim() === ""
      ? pattern.replaceAll("*", "") === ""
      : comeInOrder(parts, read(title));
  });

function comeInOrder(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const place = text.indexOf(part, from);
    if (place < 0) return false;
    from = place + part.length;
  }
  return true;
}

export const neverHold: GuardRail = {
  name: "never-hold",
  judge: byRules(({ neverHold: list }, { observation: { service, priority, urgency, title } }) => {
    if (isIn(list.services, service)) return stops("This service is on the list of what is never held.");
    if (priority !== null && isIn(list.priorities, priority))
      return stops(`The priority ${priority} is on the list of what is never held.`);
    if (isIn(list.urgencies, urgency))
      return stops(`The urgency '${urgency}' is on the list of what is never held.`);
    const pattern = list.titles.find((one) => titleMatches(one, title));
    return pattern === undefined
      ? passes("Nothing of it is on the list of what is never held.")
      : stops(`The title matches '${pattern}', which is on the list of what is never held.`);
  }),
};

export const feedback: GuardRail = {
  name: "feedback",
  judge: ({ feedback: of }) => {
    if (of === null) return stops("What people said of this alert could not be read.");
    if (of.hold === null) return passes("Nobody said that this alert is never to be held.");
    const { allowed, who, incident } = of.hold;
    return allowed
      ? passes(`${who ?? "A person"} said on ${incident} that this alert may be held.`)
      : stops(`${who ?? "A person"} said on ${incident} never to hold this alert.`);
  },
};

export const urgency: GuardRail = {
  name: "urgency",
  judge: ({ observation }) =>
    observation.urgency === "high"
      ? passes("The urgency is high, so PagerDuty itself escalates when the window ends.")
      : stops("The urgency is not high: PagerDuty would never escalate it by itself."),
};

export const person: GuardRail = {
  name: "person",
  judge: ({ touchedByPerson }) =>
    touchedByPerson
      ? stops("A person opened this incident or has touched it.")
      : passes("No person has touched this incident."),
};

export const neverHoldRails: readonly GuardRail[] = [neverHold, feedback, person, urgency];
