import type { z } from "zod";
import { byRules, type Circumstances, type GuardRail, type Judgement, stops } from "./circumstances.ts";

/** A setting of a guard rail's own, declared beside its judge. It is stored, and set, as `rails.NAME`. */
export type RailSetting<Value = unknown> = {
  /** What it may be. What does not fit stops every hold, and is refused when it is set. */
  readonly schema: z.ZodType<Value>;
  /** What holds while nobody has set it. */
  readonly default: Value;
  /** What it is, with its unit, for whoever sets it: a phrase for the help of `mrdata settings`. */
  readonly help: string;
};

/** By the name of the guard rail that declares it. */
export type RailSettings = ReadonlyMap<string, RailSetting>;

/** Settings of guard rails as they are stored, by the guard rail's name. */
export type StoredRails = Readonly<Record<string, unknown>>;

const read = <Value>(name: string, setting: RailSetting<Value>, stored: StoredRails) =>
  setting.schema.safeParse(Object.hasOwn(stored, name) ? stored[name] : setting.default);

const misfit = (name: string, error: z.ZodError): string =>
  `rails.${name} cannot be read: ${error.issues.map(({ message }) => message).join("; ")}`;

/**
 * A guard rail that goes by a setting of its own. Without settings, or with one that does not fit, it stops the hold.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * const rail = railWithSetting({
 *   name: "crowd",
 *   setting: { schema: z.number(), default: 2, help: "the most incidents at a time" },
 *   judge: (most, { opened }) => ({ allowsHold: opened <= most, sentence: `There are ${opened}, and ${most} may be.` }),
 * });
 * rail.judge({ settings: { rails: {} }, opened: 3 }).allowsHold; // => false
 * rail.judge({ settings: { rails: { crowd: 5 } }, opened: 3 }).allowsHold; // => true
 * rail.judge({ settings: { rails: { crowd: "5" } }, opened: 3 }).allowsHold; // => false
 * ```
 */
export const railWithSetting = <Value>({
  name,
  setting,
  judge,
}: {
  readonly name: string;
  readonly setting: RailSetting<Value>;
  judge(value: Value, circumstances: Circumstances): Judgement;
}): GuardRail => ({
  name,
  setting,
  judge: byRules(({ rails }, circumstances: Circumstances) => {
    const { data, error } = read(name, setting, rails);
    return error === undefined ? judge(data, circumstances) : stops(`The setting ${misfit(name, error)}.`);
  }),
});

/** The settings that these guard rails declare for themselves, by the guard rail's name. */
export const settingsDeclaredBy = (rails: readonly GuardRail[]): RailSettings =>
  new Map(rails.flatMap(({ name, setting }) => (setting === undefined ? [] : [[name, setting]])));

/**
 * What is wrong with stored settings of guard rails, a phrase each: a guard rail that is not known, or a value that does not
 * fit. While there is any, nothing is held, for somebody wants a guard rail kept that cannot be.
 */
export const problemsOfRails = (stored: StoredRails, declared: RailSettings): readonly string[] =>
  Object.keys(stored).flatMap((name) => {
    const setting = declared.get(name);
    if (setting === undefined)
      return [`rails.${name} is of a guard rail that this version of Mr Data does not know`];
    const { error } = read(name, setting, stored);
    return error === undefined ? [] : [misfit(name, error)];
  });
