import type { Mode } from "@mrdata/incident";
import { z } from "zod";

/**
 * The schema that this program writes. It also reads schema 1; any other is rejected, and the bot keeps paging. The number
 * is raised only if a field changes its meaning: new fields are added with a default, and unknown ones
 * are kept (docs/decisions/0058).
 */
export const SETTINGS_SCHEMA = 2;

const mode = z.enum(["shadow", "annotate", "armed"], {
  error: (issue) => `is '${String(issue.input)}', and a mode is shadow, annotate or armed`,
});
const share = z
  .number({ error: "is not a number from 0 to 1" })
  .refine((value) => value >= 0 && value <= 1, { error: "is not a number from 0 to 1" });
const count = z.number().int().min(0);
const time = z.number();
const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: "is not a time of the day like 22:00" });
const zone = z.string().refine(isZone, { error: "is not a time zone like UTC or Europe/Berlin" });
const pattern = z
  .string()
  .max(300)
  .refine((text) => text.replaceAll("*", "").trim() !== "", { error: "matches every title" });

/** Who decided something, when (milliseconds since the epoch) and why. */
export type Decided = {
  readonly who: string;
  readonly at: number;
  readonly why: string;
  /**
   * The same as `at` where a note at PagerDuty decided it, whose clock dates it. Left out, or another time where a version that
   * does not know the field kept it of an earlier decision: then the clock of some machine dates it.
   */
  readonly notedAt?: number;
};

/** A service's mode, with who set it, when and why. */
export type ServiceSettings = Decided & {
  readonly mode: Mode;
  /** PagerDuty id of the policy with the bot alone on level 1; null if there is none. */
  readonly policy: string | null;
};

const decided = { who: z.string(), at: time, why: z.string(), notedAt: time.exactOptional() };
const disarming: z.ZodType<Decided> = z.looseObject(decided);

const service: z.ZodType<ServiceSettings> = z
  .looseObject({ mode, policy: z.string().min(1).nullable(), ...decided })
  .refine((one) => one.mode !== "armed" || one.policy !== null, {
    path: ["policy"],
    error: "an armed service needs the policy that begins with the bot",
  });

/** The error for an unknown field of a guard rail's setting: the bot must not hold as if the field did not exist. */
const unknownField = {
  error: ({ code, keys }: { readonly code?: string; readonly keys?: readonly string[] }) =>
    code === "unrecognized_keys"
      ? `has '${keys?.join("', '")}', which this version of Mr Data does not know, so it holds nothing`
      : undefined,
};

/** The accepted probability that a certificate is wrong, above 0 and at most 0.5; and how far back its rows reach, days. */
export type CertificateSettings = { readonly delta: number; readonly days: number };

const chance = { error: "is not a number above 0 and at most 0.5" };
const wholeDays = { error: "is not a whole number of days from 1 to 3650" };
const certificateSettings: z.ZodType<CertificateSettings> = z.looseObject({
  delta: z.number(chance).refine((value) => value > 0 && value <= 0.5, chance),
  days: z
    .number(wholeDays)
    .refine((value) => Number.isInteger(value) && value >= 1 && value <= 3_650, wholeDays),
});

/** The default certificate settings. */
export const usualCertificate: CertificateSettings = { delta: 0.1, days: 180 };

/**
 * The fields of schema 2. Fields added later have a default, which applies to documents without them.
 * Guard-rail fields are strict, because ignoring an unknown one would mean ignoring a guard rail.
 */
export const currentSettings = z.object({
  schema: z.literal(SETTINGS_SCHEMA, {
    error: (issue) =>
      `is ${String(issue.input)}, and this version of Mr Data understands 1 and ${SETTINGS_SCHEMA}`,
  }),
  /** Set by `disarm --all` and by the spent miss budget: everything is paged, whatever the services' modes say. */
  disarmed: disarming.nullable(),
  /** By PagerDuty id; a service that is not listed is in shadow mode. */
  services: z.record(z.string(), service),
  /** Incidents that are never held. No other setting and no feedback overrides this list. */
  neverHold: z.strictObject(
    {
      /** PagerDuty ids. */
      services: z.array(z.string()),
      /** As PagerDuty writes them: `P1`. */
      priorities: z.array(z.string()),
      urgencies: z.array(z.enum(["high", "low"])),
      /** Text that may occur anywhere in the title, ignoring case; `*` matches anything. */
      titles: z.array(pattern),
    },
    unknownField,
  ),
  /** When holding is allowed; null means always. From 22:00 to 08:00 spans midnight. Days (0 is Sunday) are those of `from`. */
  hours: z
    .strictObject(
      {
        zone,
        from: clockTime,
        to: clockTime,
        days: z.array(z.number().int().min(0).max(6)).nullable(),
      },
      unknownField,
    )
    .nullable(),
  /** The most holds within an hour. */
  caps: z.strictObject({ service: count, all: count }, unknownField),
  /** An alert type seen fewer times than this is new, and is paged. */
  novelty: count,
  /** A service with fewer known outcomes than this has too little history. */
  history: count,
  /** A storm: at least `least` incidents within `seconds`, and at least `times` as many as the organisation usually has. */
  storm: z.strictObject(
    {
      seconds: z.number().int().min(60).max(3_600),
      least: z.number().int().min(2),
      times: z.number().min(1),
    },
    unknownField,
  ),
  /** The share of would-be holds that are paged anyway, so that learning stays unbiased. */
  control: share,
  /** The share of incidents needing a human that may be delayed, over 30 days. */
  missBudget: share,
  /** How model versions are certified. */
  certificate: certificateSettings.default(usualCertificate),
  /** PagerDuty id of a policy of people only; null means the one from the environment. */
  fallbackPolicy: z.string().min(1).nullable(),
  /** Periods in which nothing is held, on one service or (null) on all. */
  maintenance: z.array(
    z.strictObject({ service: z.string().nullable(), from: time, to: time, why: z.string() }, unknownField),
  ),
  /**
   * Settings that guard rails declare, by the guard rail's name; a missing one has its default. The guard rails validate them: here
   * they are only stored.
   */
  rails: z.record(z.string(), z.json()).default({}),
  /**
   * Identifies the database in which these settings were written (`gcp:my-project/mrdata`): elsewhere they are a copy, in which
   * nothing is armed. Null: written before this field existed, or on one machine.
   */
  home: z.string().nullable().default(null),
});

/** The fields of schema 1 that are read. */
export const firstSettings = z.looseObject({
  schema: z.literal(1),
  disarmed: disarming.nullable(),
  services: z.record(z.string(), z.looseObject({ mode })),
});

export type Settings = z.infer<typeof currentSettings>;

/** The defaults until somebody decides otherwise: listen only. */
export const defaultSettings: Settings = {
  schema: SETTINGS_SCHEMA,
  disarmed: null,
  services: {},
  neverHold: { services: [], priorities: [], urgencies: [], titles: [] },
  hours: null,
  caps: { service: 10, all: 40 },
  novelty: 5,
  history: 10,
  storm: { seconds: 600, least: 10, times: 5 },
  control: 0.05,
  missBudget: 0.1,
  certificate: usualCertificate,
  fallbackPolicy: null,
  maintenance: [],
  rails: {},
  home: null,
};

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
