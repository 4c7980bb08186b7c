import type { Mode } from "@mrdata/incident";
import { z } from "zod";

/**
 * The settings that this program writes. It reads schema 1 too; any other is refused, and the bot keeps paging. The number
 * is raised only where a field means something else than before: what is new is added with its default, and what is not
 * known is kept as it is (docs/decisions/0058).
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

/** Who decides something, when (milliseconds since the epoch) and why. */
export type Decided = { readonly who: string; readonly at: number; readonly why: string };

/** A service's mode, with who gave it, when and why. */
export type ServiceSettings = Decided & {
  readonly mode: Mode;
  /** PagerDuty id of the policy with the bot alone on level 1; null where it is on none. */
  readonly policy: string | null;
};

const decided = { who: z.string(), at: time, why: z.string() };
const disarming: z.ZodType<Decided> = z.looseObject(decided);

const service: z.ZodType<ServiceSettings> = z
  .looseObject({ mode, policy: z.string().min(1).nullable(), ...decided })
  .refine((one) => one.mode !== "armed" || one.policy !== null, {
    path: ["policy"],
    error: "an armed service needs the policy that begins with the bot",
  });

/** Which field of a guard rail's setting is not known here: the bot must not hold as if it were not there. */
const unknownField = {
  error: ({ code, keys }: { readonly code?: string; readonly keys?: readonly string[] }) =>
    code === "unrecognized_keys"
      ? `has '${keys?.join("', '")}', which this version of Mr Data does not know, so it holds nothing`
      : undefined,
};

/** The chance that a certificate is wrong, above 0 and at most .5; and how far back its rows reach, days. */
export type CertificateSettings = { readonly delta: number; readonly days: number };

const chance = { error: "is not a number above 0 and at most 0.5" };
const wholeDays = { error: "is not a whole number of days from 1 to 3650" };
const certificateSettings: z.ZodType<CertificateSettings> = z.looseObject({
  delta: z.number(chance).refine((value) => value > 0 && value <= 0.5, chance),
  days: z
    .number(wholeDays)
    .refine((value) => Number.isInteger(value) && value >= 1 && value <= 3_650, wholeDays),
});

/** What versions are certified by while nobody has set it. */
export const usualCertificate: CertificateSettings = { delta: 0.1, days: 180 };

/**
 * What every document of schema 2 has. A field that came later has its default here: a document without it reads as if it
 * said that. Fields of guard rails are strict, for one that is not known would be a guard rail that is not kept.
 */
export const currentSettings = z.object({
  schema: z.literal(SETTINGS_SCHEMA, {
    error: (issue) =>
      `is ${String(issue.input)}, and this version of Mr Data understands 1 and ${SETTINGS_SCHEMA}`,
  }),
  /** Set by `disarm --all` and by the spent miss budget: everything is paged, whatever the services' modes say. */
  disarmed: disarming.nullable(),
  /** By PagerDuty id; a service that is not here is in shadow. */
  services: z.record(z.string(), service),
  /** What is never held. Nothing else in this document, and no feedback, takes anything off this list. */
  neverHold: z.strictObject(
    {
      /** PagerDuty ids. */
      services: z.array(z.string()),
      /** As PagerDuty writes them: `P1`. */
      priorities: z.array(z.string()),
      urgencies: z.array(z.enum(["high", "low"])),
      /** Text that is looked for anywhere in the title, in whatever case; `*` stands for anything. */
      titles: z.array(pattern),
    },
    unknownField,
  ),
  /** When holding is allowed; null: always. From 22:00 to 08:00 goes over midnight. Days (0 is Sunday) are those of `from`. */
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
  /** A storm: so many incidents within so many seconds, and so many times what the organisation usually has. */
  storm: z.strictObject(
    {
      seconds: z.number().int().min(60).max(3_600),
      least: z.number().int().min(2),
      times: z.number().min(1),
    },
    unknownField,
  ),
  /** The share of would-be holds that are paged all the same, so that learning stays unbiased. */
  control: share,
  /** The share of incidents that needed a human which may be delayed, over 30 days. */
  missBudget: share,
  /** How model versions are certified: the chance that a certificate is wrong, and how far back its rows reach, days. */
  certificate: certificateSettings.default(usualCertificate),
  /** PagerDuty id of a policy of people only; null: the one of the environment. */
  fallbackPolicy: z.string().min(1).nullable(),
  /** Times in which nothing is held, of one service or (null) of all. */
  maintenance: z.array(
    z.strictObject({ service: z.string().nullable(), from: time, to: time, why: z.string() }, unknownField),
  ),
  /**
   * Settings of guard rails that declare their own, by the guard rail's name; one that is not here has its default. What each may be
   * says the guard rail, and whoever asks it: here they are only kept.
   */
  rails: z.record(z.string(), z.json()).default({}),
  /**
   * The database in which these settings were written, in words (`gcp:my-project/mrdata`): elsewhere they are a copy, in which
   * nothing is armed. Null: written before this was noted, or on one machine.
   */
  home: z.string().nullable().default(null),
});

/** What of a document of schema 1 is read. */
export const firstSettings = z.looseObject({
  schema: z.literal(1),
  disarmed: disarming.nullable(),
  services: z.record(z.string(), z.looseObject({ mode })),
});

export type Settings = z.infer<typeof currentSettings>;

/** What holds until somebody decides otherwise: listen only. */
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
