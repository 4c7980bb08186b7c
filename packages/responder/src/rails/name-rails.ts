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
  allow,
  byRules,
  type Circumstances,
  deny,
  type GuardRail,
  type Judgement,
} from "../circumstances.ts";
import { chanceByPast, chanceLowerBound } from "../levels-of-past.ts";
import { RATE_VERSION } from "../rate-predictor.ts";
import { everOf } from "./ever-of.ts";

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const outcomesOf = (count: number): string => `${count} ${count === 1 ? "outcome" : "outcomes"}`;
const times = (count: number): string => `${count} ${count === 1 ? "time" : "times"}`;

/** A name's outcomes as known at `at`: an incident open past its window needed a human, merged incidents are not counted. */
function seenOf(records: readonly TrackRecord[], at: number): Seen {
  const { selfResolved, neededHuman, unknown, timedOut } = tallyOf(records, at);
  return { outcomes: selfResolved + neededHuman + unknown + timedOut, selfResolved };
}

/** What a coarser name predicts for a new member, that is one more finer name below it. */
type FamilyEvidence = {
  readonly kind: "this kind of alarm" | "alarms of these words";
  readonly members: number;
  readonly lowerBound: number;
};

/**
 * The evidence of the coarser name for a name that is too new. The coarser name is the title without numbers and hosts; only if that
 * was never seen, the words alone, because a nearer name beats a farther one. Null if that name has too few finer names below it
 * that are like this one in status, percentile, port, priority, environment and direction.
 */
function familyEvidence({
  title,
  nameRecords,
  openedAt,
}: Circumstances["observation"]): FamilyEvidence | null {
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

/** The part of the title that the version has learnt to keep in the alarm's name; null if there is none. */
function keptPart(
  { service, title }: Circumstances["observation"],
  { learntName }: Circumstances["predictor"],
): LearntName | null {
  const learnt = learntName?.(service, title) ?? null;
  return learnt?.kind === "kept" ? learnt : null;
}

/** The subject of the finest name, for sentences to people. */
function subjectOf(title: string): string {
  const [finest, general] = namesOf(title);
  const wasReplaced = (placeholder: string) => general.includes(placeholder) && !finest.includes(placeholder);
  if (wasReplaced("<host>") || wasReplaced("<url>")) return "This site";
  return wasReplaced("<ip>") ? "This address" : "This alert";
}

/** Measured on 4,067 real outages: the holds that this bound prevented were few, and worse than the others (docs/decisions/0064). */
const MIN_CHANCE = 0.4;

/**
 * A name that was seldom seen may be held through a coarser one only if many similar names are known and behave alike. A name that was
 * seen often enough must also be likely to resolve itself, by the lower bound of its chance given its own past and that of its
 * alert type, its service and the organisation. The setting 0 switches both off.
 */
export const novelty: GuardRail = {
  name: "novelty",
  judge: byRules(({ novelty: least }, { observation, predictor }: Circumstances) => {
    if (least === 0) return allow("It is not asked how often this alert has been seen.");
    const kept = keptPart(observation, predictor);
    if (kept !== null && kept.outcomes < least)
      return deny(
        `'${kept.part}' tells this alert from others like it: version ${predictor.version} knows ${outcomesOf(kept.outcomes)} of it, and ${least} are needed.`,
      );
    const subject = subjectOf(observation.title);
    const seen = everOf(observation.nameRecords[0], ["opened"]);
    if (seen >= least) return knownName(`${subject} has been seen ${times(seen)}`, observation, predictor);
    const isNew = `${subject} has been seen ${times(seen)}, and ${least} are needed.`;
    const family = familyEvidence(observation);
    if (family === null) return deny(isNew);
    const text = `${family.members} others of ${family.kind} have at least ${MIN_OUTCOMES} outcomes each: by how they differ, one more resolves itself in at least ${percent(family.lowerBound)}`;
    return predictor.threshold !== null && family.lowerBound >= predictor.threshold
      ? allow(`${isNew} But ${text}.`)
      : deny(`${isNew} ${text}, which is too little.`);
  }),
};

/** Judges a name that was seen often enough by the lower bound of its chance. `seenText` says how often it was seen. */
function knownName(
  seenText: string,
  observation: Circumstances["observation"],
  { levels }: Circumstances["predictor"],
): Judgement {
  const bound = chanceLowerBound(chanceByPast(observation, levels));
  const text = `by its past at least ${percent(bound)} of its like resolve themselves`;
  return bound < MIN_CHANCE
    ? deny(`Too little is known: ${seenText}; ${text}, and ${percent(MIN_CHANCE)} are needed.`)
    : allow(`${seenText}, and ${text}.`);
}

/** Error rate: the probability that an alarm which resolves itself every second time has a past this bad. */
const OWN_PAST_DELTA = 0.05;
/** Prior weight, in outcomes, of the alert type's rate while little is known of the alarm itself. */
const PRIOR_OUTCOMES = 2;

/** Knowledge of similar alarms never holds an alarm whose own past speaks against it. */
export const ownPast: GuardRail = {
  name: "own-past",
  judge: ({ observation, forecast, predictor }) => {
    const kept = keptPart(observation, predictor);
    if (kept !== null && upperBound(kept.selfResolved, kept.outcomes, OWN_PAST_DELTA) < 0.5)
      return deny(
        `${kept.selfResolved} of ${kept.outcomes} incidents of this alert with '${kept.part}' resolved themselves, which tells it from others like it.`,
      );
    const subject = subjectOf(observation.title);
    const { outcomes, selfResolved } = seenOf(observation.nameRecords[0], observation.openedAt);
    if (outcomes === 0) return allow(`No outcome of ${subject.toLowerCase()} itself speaks against it.`);
    const text = `${selfResolved} of ${outcomes} incidents of ${subject.toLowerCase()} itself resolved themselves`;
    if (upperBound(selfResolved, outcomes, OWN_PAST_DELTA) < 0.5) return deny(`${text}.`);
    const { probability } = forecast;
    if (predictor.version !== RATE_VERSION || probability === null || predictor.threshold === null)
      return allow(`${text}.`);
    const shrunkRate = (selfResolved + PRIOR_OUTCOMES * probability) / (outcomes + PRIOR_OUTCOMES);
    return shrunkRate >= predictor.threshold
      ? allow(`${text}.`)
      : deny(
          `${text}: ${percent(shrunkRate)} is believed of it, and it takes ${percent(predictor.threshold)}.`,
        );
  },
};
