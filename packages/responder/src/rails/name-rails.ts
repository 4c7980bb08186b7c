import { memberOf, membersLike, namesOf, type TrackRecord, tallyOf } from "@mrdata/incident";
import {
  type LearntName,
  MIN_MEMBERS,
  MIN_OUTCOMES,
  newMemberLowerBound,
  type Seen,
  seenOfMembers,
  upperBound,
} from "@mrdata/learning";
import {
  byRules,
  type Circumstances,
  type GuardRail,
  type Judgement,
  passes,
  stops,
} from "../circumstances.ts";
import { chanceByPast, leastChance } from "../levels-of-past.ts";
import { RATE_VERSION } from "../rate-predictor.ts";
import { everOf } from "./ever-of.ts";

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const outcomesOf = (count: number): string => `${count} ${count === 1 ? "outcome" : "outcomes"}`;
const times = (count: number): string => `${count} ${count === 1 ? "time" : "times"}`;

/** What the records of a name say by `at`: what is open past its window needed a human, what was merged says nothing. */
function seenOf(records: readonly TrackRecord[], at: number): Seen {
  const { selfResolved, neededHuman, unknown, timedOut } = tallyOf(records, at);
  return { outcomes: selfResolved + neededHuman + unknown + timedOut, selfResolved };
}

/** What a coarser name says of one more finer name below it. */
type FamilyWord = {
  readonly kind: "this kind of alarm" | "alarms of these words";
  readonly members: number;
  readonly lowerBound: number;
};

/**
 * The coarser name that speaks for one that is too new: without numbers and hosts; the words alone only where even that
 * was never seen, for what is known below a nearer name beats what is known of a farther. Null where neither has enough
 * finer names below it that are like this one in status, percentile, port, priority, environment and direction.
 */
function familyWord({ title, nameRecords, openedAt }: Circumstances["observation"]): FamilyWord | null {
  const [finest, general, words] = nameRecords;
  const isKindKnown = everOf(general, ["opened"]) > 0;
  const kind = isKindKnown ? "this kind of alarm" : "alarms of these words";
  const own = memberOf(title, isKindKnown ? 1 : 2);
  const like = membersLike(title, isKindKnown ? general : words);
  const members = seenOfMembers([...like].flatMap(([id, counts]) => (id === own ? [] : [counts])));
  if (members.length < MIN_MEMBERS) return null;
  return {
    kind,
    members: members.length,
    lowerBound: newMemberLowerBound(members, seenOf(finest, openedAt)),
  };
}

/** The part of its title that a version has learnt to be of the alarm's name; null where there is none. */
function keptPart(
  { service, title }: Circumstances["observation"],
  { learntName }: Circumstances["predictor"],
): LearntName | null {
  const learnt = learntName?.(service, title) ?? null;
  return learnt?.kind === "kept" ? learnt : null;
}

/** What the finest name is about, for people. */
function subjectOf(title: string): string {
  const [finest, general] = namesOf(title);
  const takenOut = (placeholder: string) => general.includes(placeholder) && !finest.includes(placeholder);
  if (takenOut("<host>") || takenOut("<url>")) return "This site";
  return takenOut("<ip>") ? "This address" : "This alert";
}

/** By this bound the holds that it kept out of 4,067 real outages were worse than the others, and few (docs/decisions/0064). */
const MIN_CHANCE = 0.4;

/**
 * A name that was hardly seen is known through a coarser one only where many like it are, and behave alike. What was seen
 * often enough must be likely to resolve itself, too, by the lower bound of its chance: by its own past alone, that of its
 * alert type, of its service and of the organisation. A count of 0 asks neither.
 */
export const novelty: GuardRail = {
  name: "novelty",
  judge: byRules(({ novelty: least }, { observation, predictor }: Circumstances) => {
    if (least === 0) return passes("It is not asked how often this alert has been seen.");
    const kept = keptPart(observation, predictor);
    if (kept !== null && kept.outcomes < least)
      return stops(
        `'${kept.part}' tells this alert from others like it: version ${predictor.version} knows ${outcomesOf(kept.outcomes)} of it, and ${least} are needed.`,
      );
    const subject = subjectOf(observation.title);
    const seen = everOf(observation.nameRecords[0], ["opened"]);
    if (seen >= least) return knownName(`${subject} has been seen ${times(seen)}`, observation, predictor);
    const isNew = `${subject} has been seen ${times(seen)}, and ${least} are needed.`;
    const word = familyWord(observation);
    if (word === null) return stops(isNew);
    const told = `${word.members} others of ${word.kind} have at least ${MIN_OUTCOMES} outcomes each: by how they differ, one more resolves itself in at least ${percent(word.lowerBound)}`;
    return predictor.threshold !== null && word.lowerBound >= predictor.threshold
      ? passes(`${isNew} But ${told}.`)
      : stops(`${isNew} ${told}, which is too little.`);
  }),
};

/** What was seen often enough, and of which still too little may be known. */
function knownName(
  told: string,
  observation: Circumstances["observation"],
  { levels }: Circumstances["predictor"],
): Judgement {
  const bound = leastChance(chanceByPast(observation, levels));
  const text = `by its past at least ${percent(bound)} of its like resolve themselves`;
  return bound < MIN_CHANCE
    ? stops(`Too little is known: ${told}; ${text}, and ${percent(MIN_CHANCE)} are needed.`)
    : passes(`${told}, and ${text}.`);
}

/** The chance that the own past of an alarm that heals every second time looks as bad as it does. */
const OWN_PAST_DELTA = 0.05;
/** Imagined outcomes that pull an alarm's own rate towards that of its alert type while little is known. */
const PRIOR_OUTCOMES = 2;

/** What is known of an alarm's neighbours never holds one whose own past speaks against it. */
export const ownPast: GuardRail = {
  name: "own-past",
  judge: ({ observation, forecast, predictor }) => {
    const kept = keptPart(observation, predictor);
    if (kept !== null && upperBound(kept.selfResolved, kept.outcomes, OWN_PAST_DELTA) < 0.5)
      return stops(
        `${kept.selfResolved} of ${kept.outcomes} incidents of this alert with '${kept.part}' resolved themselves, which tells it from others like it.`,
      );
    const subject = subjectOf(observation.title);
    const { outcomes, selfResolved } = seenOf(observation.nameRecords[0], observation.openedAt);
    if (outcomes === 0) return passes(`No outcome of ${subject.toLowerCase()} itself speaks against it.`);
    const told = `${selfResolved} of ${outcomes} incidents of ${subject.toLowerCase()} itself resolved themselves`;
    if (upperBound(selfResolved, outcomes, OWN_PAST_DELTA) < 0.5) return stops(`${told}.`);
    const { probability } = forecast;
    if (predictor.version !== RATE_VERSION || probability === null || predictor.threshold === null)
      return passes(`${told}.`);
    const believed = (selfResolved + PRIOR_OUTCOMES * probability) / (outcomes + PRIOR_OUTCOMES);
    return believed >= predictor.threshold
      ? passes(`${told}.`)
      : stops(
          `${told}: ${percent(believed)} is believed of it, and it takes ${percent(predictor.threshold)}.`,
        );
  },
};
