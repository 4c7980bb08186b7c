import { messageOf } from "@mrdata/base";
import { baseUrlProblem, urlProblem } from "@mrdata/pagerduty/base-url";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { parseTarget } from "./target.ts";

/** A text converted by `read`; an error of `read` becomes the variable's problem, reported with the others. */
const reading =
  <Read>(read: (text: string) => Read) =>
  (text: string, context: z.RefinementCtx<string>): Read => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({
        code: "custom",
        message: `is wrong: ${messageOf(error)}`,
      });
      return z.NEVER;
    }
  };
const duration = reading(parseDuration);
/** How often a training starts automatically; `schedule` means Cloud Scheduler, and a cron expression is not accepted here. */
function parseEvery(text: string): number | "schedule" {
  if (text === "schedule") return text;
  try {
    return parseDuration(text);
  } catch {
    throw new Error(`'${text}' is neither off nor how often: write it like 7d`);
  }
}
const empty = (value: unknown): unknown => (value === "" ? undefined : value);
const optionalText = z.preprocess(
  empty,
  z
    .string()
    .nullish()
    .transform((text) => text ?? null),
);

/** A URL as written; errors do not show it, because it may contain a password. */
const optionalUrl = (problemOf: (text: string) => string | null) =>
  optionalText.superRefine((text, context) => {
    const problem = text === null ? null : problemOf(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

const schema = z.object({
  /** Where the data is: `local:DIR` or `gcp:PROJECT/DATABASE`. */
  MRDATA_TARGET: z
    .string({ error: "is not set: expected local:DIR or gcp:PROJECT/DATABASE" })
    .transform(reading(parseTarget)),
  /** The hold window, as a duration: `5m`. */
  MRDATA_WINDOW: z.preprocess(empty, z.string().default("5m").transform(duration)),
  /** PagerDuty id of the bot's user. Without it the bot only listens. */
  MRDATA_BOT_USER: optionalText,
  /** PagerDuty ids of users that are other programs, separated by commas. */
  MRDATA_AUTOMATION_USERS: z.preprocess(
    empty,
    z
      .string()
      .default("")
      .transform((list) =>
        list
          .split(",")
          .map((id) => id.trim())
          .filter((id) => id !== ""),
      ),
  ),
  /** E-mail of the bot's user, for the `From` header. */
  MRDATA_FROM: optionalText,
  MRDATA_PAGERDUTY_URL: optionalUrl(baseUrlProblem),
  /** Where PagerDuty sends its webhooks, as PagerDuty knows it: the public URL of `receive`. */
  MRDATA_WEBHOOK_URL: optionalUrl(urlProblem),
  /** PagerDuty id of a policy of people only. */
  MRDATA_FALLBACK_POLICY: optionalText,
  /** A model version that was trained longer ago is rejected. */
  MRDATA_MODEL_MAX_AGE: z.preprocess(empty, z.string().default("90d").transform(duration)),
  /**
   * How often a bot on one machine starts a training automatically; `off` if absent. In the cloud it is `schedule` if Cloud
   * Scheduler does.
   */
  MRDATA_RETRAIN: z.preprocess(
    (value) => (value === "off" ? undefined : empty(value)),
    z
      .string()
      .transform(reading(parseEvery))
      .nullish()
      .transform((every) => every ?? null),
  ),
  /** How long incidents, predictions and failures are kept on Google Cloud; if absent, for ever. */
  MRDATA_RETENTION: z.preprocess(
    empty,
    z
      .string()
      .transform(duration)
      .nullish()
      .transform((length) => length ?? null),
  ),
  /** The default time zone for times shown to people: `Europe/Berlin`. */
  MRDATA_TIME_ZONE: z.preprocess(
    empty,
    z
      .string()
      .transform(
        reading((zone) => new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone),
      )
      .nullish()
      .transform((zone) => zone ?? null),
  ),
  /** Suffix of the names of topics and subscriptions if several stacks share a project. */
  MRDATA_SUFFIX: z.preprocess(empty, z.string().default("")),
  /**
   * Who is notified of alarms: `e-mail`, `PagerDuty`, or `none`. Null if it is not declared: on one machine,
   * or deployed by a version that did not declare it.
   */
  MRDATA_ALARM_CHANNELS: z.preprocess(
    empty,
    z
      .string()
      .transform((list) =>
        list
          .split(",")
          .map((channel) => channel.trim())
          .filter((channel) => channel !== "" && channel !== "none"),
      )
      .nullish()
      .transform((channels) => channels ?? null),
  ),
  /** The endpoint that serves the model, if there is one: `projects/…/locations/…/endpoints/…`. */
  MRDATA_ENDPOINT: optionalText,
  /** Overrides Vertex AI's regional address. */
  MRDATA_VERTEX_URL: optionalUrl(urlProblem),
  /** The bucket of model versions, on Google Cloud. */
  MRDATA_MODEL_BUCKET: optionalText,
  /** Whether an automatic training first imports the files of the history bucket. */
  MRDATA_HISTORY_IMPORT: z.preprocess(
    empty,
    z.enum(["on", "off"], { error: "is neither on nor off" }).default("off"),
  ),
  /** The bucket of history files, on Google Cloud; on one machine it is the folder `history` of the home. */
  MRDATA_HISTORY_BUCKET: optionalText,
});

export type Environment = z.infer<typeof schema>;

/** The bucket to import from, or the folder `history` of a home; null if importing is off. Throws EnvironmentError without a name. */
export function historyBucketOf({
  MRDATA_HISTORY_IMPORT: wanted,
  MRDATA_HISTORY_BUCKET: bucket,
  MRDATA_TARGET: target,
}: Environment): string | null {
  if (wanted === "off") return null;
  if (target.kind === "local") return "history";
  if (bucket === null)
    throw new EnvironmentError(
      "the environment is wrong: MRDATA_HISTORY_IMPORT is on, and MRDATA_HISTORY_BUCKET names no bucket",
    );
  return bucket;
}

/** Names every invalid variable. */
export class EnvironmentError extends Error {}

/** Reads the settings of a running function. Throws EnvironmentError. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const read = schema.safeParse(env);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  throw new EnvironmentError(`the environment is wrong: ${problems.join("; ")}`);
}
