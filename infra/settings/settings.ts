import { nearest } from "@mrdata/pagerduty/nearest";
import type { LocalVersion } from "./model-folder.ts";
import { type Problems, setWith } from "./problems.ts";
import { type Raw, reader } from "./read.ts";
import {
  id,
  readBaseUrl,
  readHistoryImport,
  readHosting,
  readIds,
  readKmsKey,
  readLabels,
  readMembers,
  readRegion,
  readRetrain,
  readScope,
  readTimeZone,
} from "./read-one.ts";
import type { Region } from "./regions.ts";

/** Whose incidents the webhook subscription reports. */
export type Scope = {
  readonly type: "account_reference" | "service_reference" | "team_reference";
  readonly id: string | null;
};

/** The settings of a stack, read once. Empty text is null; secrets are plain here and are marked where they are used. */
export type Settings = {
  readonly project: string;
  readonly projectNumber: string;
  readonly region: Region;
  readonly labels: Readonly<Record<string, string>>;
  /** With its hyphen, or empty. */
  readonly suffix: string;
  /** Milliseconds, like the two that follow. */
  readonly windowMs: number;
  readonly retention: number;
  readonly modelMaxAge: number;
  /** Of the ledger, where it was restored under another name. */
  readonly database: string | null;
  readonly modelFolder: string | null;
  readonly modelImage: string;
  /** Whether an endpoint of Vertex AI serves the version too, and is asked about what would be held. */
  readonly hosting: "none" | "endpoint";
  readonly alertEmail: string | null;
  readonly alertPagerDutyKey: string | null;
  readonly pagerDutyToken: string | null;
  readonly webhookSecret: string | null;
  readonly webhookScope: Scope;
  readonly bot: {
    readonly user: string | null;
    readonly email: string | null;
    readonly automations: readonly string[];
    readonly fallbackPolicy: string | null;
    readonly policies: readonly string[];
  };
  readonly protect: boolean;
  readonly publicWebhook: boolean;
  /** Whether a training begins by schedule. */
  readonly retrain: "schedule" | "off";
  /** Who may look at the report, as IAM writes them; nobody where it is empty. */
  readonly reportMembers: readonly string[];
  /** Where Monday's digest is posted to, a secret; null: it is not sent. */
  readonly digestWebhook: string | null;
  /** The zone in which the report and the digest write times; null: the one of the bot's hours, else UTC. */
  readonly timeZone: string | null;
  /** Where the folder of playbooks can be read, without a slash at its end; null: alarms name the file. */
  readonly playbooks: string | null;
  /** Whether such a training imports the files of the history bucket first. */
  readonly historyImport: "on" | "off";
  /** Made before 2021-04-08. */
  readonly oldProject: boolean;
  /** Milliseconds: how old grants are when the first function is built, and how long Google is asked again. */
  readonly grantWait: number;
  readonly patience: number;
  /** Full name of a key of Cloud KMS that encrypts what is stored; null: Google's own. */
  readonly kmsKey: string | null;
  readonly minInstances: number;
  /** Null: what each function's manifest says. */
  readonly maxInstances: number | null;
  readonly vertexBaseUrl: string | null;
  readonly pagerDutyBaseUrl: string | null;
};

/** Settings with the model version that their folder holds. */
export type WholeSettings = Settings & { readonly version: LocalVersion | null };

const MINUTE = 60_000;
const DAY = 86_400_000;
const email = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const url = /^https?:\/\/[^\s]+$/;

/** Reads all settings; everything that is wrong is added to `problems`. `known` are the keys of Pulumi.yaml. */
export function readSettings(raw: Raw, gcp: Raw, known: readonly string[], problems: Problems): Settings {
  for (const key of Object.keys(raw).filter((name) => !known.includes(name))) {
    const meant = nearest(key, known);
    problems.add(
      `mrdata:${key} is not a setting${meant === null ? "" : `; the nearest is mrdata:${meant}`}: pulumi config rm ${key}`,
    );
  }
  const read = reader(raw, problems);
  const project = (gcp.project ?? "").trim();
  if (project === "") problems.add("gcp:project is not set: pulumi config set gcp:project YOUR-PROJECT-ID");
  else if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project))
    problems.add(
      `gcp:project '${project}' is not the id of a project: pulumi config set gcp:project YOUR-PROJECT-ID`,
    );
  if (read.text("projectNumber") === "")
    problems.add(
      `mrdata:projectNumber is not set: pulumi config set projectNumber "$(gcloud projects describe ${project || "YOUR-PROJECT-ID"} --format='value(projectNumber)')"`,
    );
  const suffix = read.matching("suffix", /^[a-z0-9]{1,8}$/, "at most 8 lower-case letters and digits", "two");
  const maxInstances = read.integer("maxInstances", 0, 1000);
  const minInstances = read.integer("minInstances", 0, 100);
  if (maxInstances > 0 && minInstances > maxInstances)
    problems.add(
      `mrdata:minInstances ${minInstances} is more than mrdata:maxInstances ${maxInstances}: ${setWith("minInstances", "0")}`,
    );
  const pagerDutyToken = read.optional("pagerDutyToken");
  const region = readRegion(read.text("region"), problems);
  const settings: Settings = {
    project,
    projectNumber: read.matching("projectNumber", /^\d{6,19}$/, "the number of a project", "123456789012"),
    region,
    labels: readLabels(read.list("labels"), problems),
    suffix: suffix === "" ? "" : `-${suffix}`,
    windowMs: read.duration("window", "5m", {
      from: MINUTE,
      to: 15 * MINUTE,
      says: "it is between 1m and 15m, for longer than that nobody's page may wait",
    }),
    retention: read.duration("retention", "400d", {
      from: 30 * DAY,
      to: 36_500 * DAY,
      says: "30d is the least that a model could learn from",
    }),
    modelMaxAge: read.duration("modelMaxAge", "90d", { from: DAY, to: 3650 * DAY, says: "1d is the least" }),
    database:
      read.matching(
        "database",
        /^[a-z][a-z0-9-]{2,61}[a-z0-9]$/,
        "the id of a Firestore database",
        "mrdata-restored",
      ) || null,
    modelFolder: read.optional("modelFolder"),
    modelImage: read.text("modelImage") || "us-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.2-1:latest",
    hosting: readHosting(read.text("hosting"), read.optional("modelFolder"), problems),
    alertEmail: read.matching("alertEmail", email, "an e-mail address", "sre@example.com") || null,
    alertPagerDutyKey:
      read.matching(
        "alertPagerDutyKey",
        /^[A-Za-z0-9]{32}$/,
        "an integration key of 32 characters",
        "",
        true,
      ) || null,
    pagerDutyToken,
    webhookSecret: read.optional("webhookSecret"),
    webhookScope: readScope(read.text("webhookScope") || "account", problems),
    bot: {
      user: read.matching("botUser", id, "a PagerDuty id", "PXXXXXX") || null,
      email: read.matching("botEmail", email, "an e-mail address", "mrdata@example.com") || null,
      automations: readIds("automationUsers", read.list("automationUsers"), problems),
      fallbackPolicy: read.matching("fallbackPolicy", id, "a PagerDuty id", "PXXXXXX") || null,
      policies: readIds("policies", read.list("policies"), problems),
    },
    protect: read.boolean("protect", true),
    publicWebhook: read.boolean("publicWebhook", true),
    retrain: readRetrain(read.text("retrain"), problems),
    reportMembers: readMembers(read.list("reportMembers"), problems),
    digestWebhook:
      read.matching(
        "digestWebhook",
        /^https:\/\/[^\s@/]+\/[^\s]+$/,
        "the address of a webhook that begins with https://",
        "",
        true,
      ) || null,
    timeZone: readTimeZone(read.text("timeZone"), problems),
    playbooks:
      read
        .matching(
          "playbooks",
          /^https:\/\/[^\s@?#]+\/docs\/playbooks\/?$/,
          "the address of a folder docs/playbooks that begins with https://",
          "https://github.com/acme/mrdata/blob/main/docs/playbooks",
        )
        .replace(/\/$/, "") || null,
    historyImport: readHistoryImport(read.text("historyImport"), problems),
    oldProject: read.boolean("oldProject", false),
    grantWait: read.duration("grantWait", "120s", {
      from: 0,
      to: 60 * MINUTE,
      says: "after an hour Google knows every grant",
    }),
    patience: read.duration("patience", "10m", {
      from: 0,
      to: 60 * MINUTE,
      says: "what takes longer than an hour is another fault",
    }),
    kmsKey: readKmsKey(read.text("kmsKey"), region, problems),
    minInstances,
    maxInstances: maxInstances === 0 ? null : maxInstances,
    vertexBaseUrl: read.matching("vertexBaseUrl", url, "a URL", "https://example.com") || null,
    pagerDutyBaseUrl: readBaseUrl(read.text("pagerDutyBaseUrl"), problems),
  };
  if (settings.bot.user !== null && settings.bot.email === null)
    problems.add(
      `mrdata:botUser is set and mrdata:botEmail is not, in whose name the bot pages: ${setWith("botEmail", "mrdata@example.com")}`,
    );
  return settings;
}
