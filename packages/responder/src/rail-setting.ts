import type { z } from "zod";
import { byRules, type Circumstances, deny, type GuardRail, type Judgement } from "./circumstances.ts";

/** A guard rail's setting, declared beside its judge. It is stored and set as `rails.NAME`. */
export type RailSetting<Value = unknown> = {
  /** Valid values. Any other is refused when it is set, and denies every hold if it is stored. */
  readonly schema: z.ZodType<Value>;
  /** The value until somebody sets it. */
  readonly default: Value;
  /** What it is, with its unit: a phrase for the help of `mrdata settings`. */
  readonly help: string;
};

/** By the name of the guard rail that declares it. */
export type RailSettings = ReadonlyMap<string, RailSetting>;

/** Guard-rail settings as stored, unchecked, by the guard rail's name. */
export type StoredRails = Readonly<Record<string, unknown>>;

const read = <Value>(name: string, setting: RailSetting<Value>, stored: StoredRails) =>
  setting.schema.safeParse(Object.hasOwn(stored, name) ? stored[name] : setting.default);

const explainInvalid = (name: string, error: z.ZodError): string =>
  `rails.${name} cannot be read: ${error.issues.map(({ message }) => message).join("; ")}`;

/**
 * A guard rail with a setting. Without readable settings, or with an invalid value, it denies the hold.
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
    return error === undefined
      ? judge(data, circumstances)
      : deny(`The setting ${explainInvalid(name, error)}.`);
  }),
});

/** The settings that these guard rails declare, by the guard rail's name. */
export const settingsDeclaredBy = (rails: readonly GuardRail[]): RailSettings =>
  new Map(rails.flatMap(({ name, setting }) => (setting === undefined ? [] : [[name, setting]])));

/**
 * Problems of stored guard-rail settings, a phrase each: an unknown guard rail or an invalid value. While there is any, nothing is
 * held, because somebody asked for a guard rail that cannot be applied.
 */
export const problemsOfRails = (stored: StoredRails, declared: RailSettings): readonly string[] =>
  Object.keys(stored).flatMap((name) => {
    const setting = declared.get(name);
    if (setting === undefined)
      return [`rails.${name} is of a guard rail that this version of Mr Data does not know`];
    const { error } = read(name, setting, stored);
    return error === undefined ? [] : [explainInvalid(name, error)];
  });
