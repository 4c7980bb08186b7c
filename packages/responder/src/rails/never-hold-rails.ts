import { readableTitle } from "@mrdata/incident";
import { allow, byRules, deny, type GuardRail } from "../circumstances.ts";

const isIn = (list: readonly string[], value: string): boolean =>
  list.some((one) => one.toLowerCase() === value.toLowerCase());

/**
 * Ways to normalise a title: in lower case as written; as alert types do, with invisible characters as blanks; and with
 * invisible characters removed. In doubt a title matches, so each of them is tried.
 */
const normalisations: readonly ((text: string) => string)[] = [
  (text) => text.toLowerCase(),
  readableTitle,
  (text) => readableTitle(text.normalize("NFKC").replace(/(?!\s)[\p{Cc}\p{Cf}]/gu, "")),
];

/** Whether the parts of the pattern, separated by `*`, occur in the title in this order. */
export const titleMatches = (pattern: string, title: string): boolean =>
  normalisations.some((normalise) => {
    const parts = pattern.split("*").map(normalise);
    // A pattern of invisible characters alone would match every title once they are removed.
    return parts.join("").trim() === ""
      ? pattern.replaceAll("*", "") === ""
      : occurInOrder(parts, normalise(title));
  });

function occurInOrder(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const index = text.indexOf(part, from);
    if (index < 0) return false;
    from = index + part.length;
  }
  return true;
}

export const neverHold: GuardRail = {
  name: "never-hold",
  judge: byRules(({ neverHold: list }, { observation: { service, priority, urgency, title } }) => {
    if (isIn(list.services, service)) return deny("This service is on the list of what is never held.");
    if (priority !== null && isIn(list.priorities, priority))
      return deny(`The priority ${priority} is on the list of what is never held.`);
    if (isIn(list.urgencies, urgency))
      return deny(`The urgency '${urgency}' is on the list of what is never held.`);
    const pattern = list.titles.find((one) => titleMatches(one, title));
    return pattern === undefined
      ? allow("Nothing of it is on the list of what is never held.")
      : deny(`The title matches '${pattern}', which is on the list of what is never held.`);
  }),
};

export const feedback: GuardRail = {
  name: "feedback",
  judge: ({ feedback: of }) => {
    if (of === null) return deny("What people said of this alert could not be read.");
    if (of.hold === null) return allow("Nobody said that this alert is never to be held.");
    const { allowed, who, incident } = of.hold;
    return allowed
      ? allow(`${who ?? "A person"} said on ${incident} that this alert may be held.`)
      : deny(`${who ?? "A person"} said on ${incident} never to hold this alert.`);
  },
};

export const urgency: GuardRail = {
  name: "urgency",
  judge: ({ observation }) =>
    observation.urgency === "high"
      ? allow("The urgency is high, so PagerDuty itself escalates when the window ends.")
      : deny("The urgency is not high: PagerDuty would never escalate it by itself."),
};

export const person: GuardRail = {
  name: "person",
  judge: ({ touchedByPerson }) =>
    touchedByPerson
      ? deny("A person opened this incident or has touched it.")
      : allow("No person has touched this incident."),
};

export const neverHoldRails: readonly GuardRail[] = [neverHold, feedback, person, urgency];
