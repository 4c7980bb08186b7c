import { NAMING_VERSION, partsOf, type TitleParts, withPart } from "@mrdata/incident";
import { z } from "zod";
import { ANY_WORD, knownWordKind } from "./known-words.ts";

const counts = { outcomes: z.number().int().min(0), selfResolved: z.number().int().min(0) };

export const learntNamesSchema = z.object({
  /** The `NAMING_VERSION` of the names that it was learnt on: it does not apply to others. */
  naming: z.number().int(),
  /** For each name: the placeholder, from 0, that predicts outcomes, and what is known of each of its few values. */
  kept: z.array(
    z.object({
      service: z.string(),
      name: z.string(),
      place: z.number().int().min(0),
      values: z.array(z.object({ value: z.string(), ...counts })),
    }),
  ),
  /** A name without the word that takes many values with the same outcomes; `values`: how many. */
  volatile: z.array(
    z.object({ service: z.string(), name: z.string(), values: z.number().int().min(1), ...counts }),
  ),
});

/**
 * What a version has learnt of names beyond the rules in `packages/incident`: which removed part of a name belongs to
 * it, and which word does not. Records are stored under the listed names: what is learnt is counted in the version
 * itself, over its training history.
 */
export type LearntNames = z.infer<typeof learntNamesSchema>;

/** The words of a name, one of which may be volatile. */
export const wordsOfName = (name: string): readonly string[] => name.split(" ");

/** The name without one of its words, by position. */
export const nameWithout = (words: readonly string[], place: number): string =>
  words.map((word, i) => (i === place ? ANY_WORD : word)).join(" ");

/** The learnt name of a title. */
export type LearntName = {
  /** `kept`: with a part that the listed name lacks; `volatile`: without one of its words. */
  readonly kind: "kept" | "volatile";
  /** For display: the learnt name. */
  readonly name: string;
  /** What was kept, or removed. */
  readonly part: string;
  /** Its outcomes when the version was trained, and the number of values of the part. */
  readonly outcomes: number;
  readonly selfResolved: number;
  readonly values: number;
  /** Its rate, pulled towards that of its template by two imagined outcomes. From 0 to 1. */
  readonly rate: number;
};

const PRIOR = 2;
const rateOf = (
  { outcomes, selfResolved }: { readonly outcomes: number; readonly selfResolved: number },
  towards = 0.5,
): number => (selfResolved + PRIOR * towards) / (outcomes + PRIOR);

const NOTHING = { outcomes: 0, selfResolved: 0 };
const keyOf = (service: string, name: string): string => `${service}\n${name}`;

/** Finds the learnt name of a title on a service; null where there is none. */
export function learntNameIn(
  learnt: LearntNames,
  read: (title: string) => TitleParts = partsOf,
): (service: string, title: string) => LearntName | null {
  if (learnt.naming !== NAMING_VERSION) return () => null;
  const kept = new Map(learnt.kept.map((one) => [keyOf(one.service, one.name), one]));
  const volatile = new Map(learnt.volatile.map((one) => [keyOf(one.service, one.name), one]));
  if (kept.size + volatile.size === 0) return () => null;
  return (service, title) => {
    const { name: finest, parts } = read(title);
    const own = kept.get(keyOf(service, finest));
    const part = own === undefined ? undefined : parts[own.place];
    if (own !== undefined && part !== undefined) {
      const { values, place } = own;
      const counted = values.find(({ value }) => value === part) ?? NOTHING;
      const all = values.reduce(
        (sum, one) => ({
          outcomes: sum.outcomes + one.outcomes,
          selfResolved: sum.selfResolved + one.selfResolved,
        }),
        NOTHING,
      );
      const name = withPart(finest, place, part);
      const { outcomes, selfResolved } = counted;
      const rate = rateOf(counted, rateOf(all));
      return { kind: "kept", name, part, outcomes, selfResolved, values: values.length, rate };
    }
    if (volatile.size === 0) return null;
    const words = wordsOfName(finest);
    const found = words.flatMap((word, place) => {
      const one = knownWordKind(word).isGuarded
        ? undefined
        : volatile.get(keyOf(service, nameWithout(words, place)));
      return one === undefined ? [] : [{ word, one }];
    });
    const [best] = found.toSorted((a, b) => b.one.values - a.one.values);
    if (best === undefined) return null;
    const { name, outcomes, selfResolved, values } = best.one;
    return {
      kind: "volatile",
      name,
      part: best.word,
      outcomes,
      selfResolved,
      values,
      rate: rateOf(best.one),
    };
  };
}

/** Why a name was learnt, for display. */
export function whyLearnt({ kind, part, values, outcomes, selfResolved }: LearntName): string {
  return kind === "kept"
    ? `'${part}' stays: the outcomes of its ${values} values differ; of ${outcomes} with this one ${selfResolved} resolved themselves`
    : `'${part}' became '${ANY_WORD}': ${values} words stood there, and their outcomes do not differ; ${selfResolved} of ${outcomes} resolved themselves`;
}
