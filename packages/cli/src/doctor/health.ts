import {
  type Check,
  type CheckOptions,
  checkAlarms,
  defaultLimits,
  failed,
  previouslyArmedOf,
  runChecks,
  verifiedModelCards,
} from "@mrdata/doctor";
import { budgetCheck, openDeadLetters } from "@mrdata/functions";
import { isDrillTitle } from "@mrdata/incident";
import { type ModelCard, ModelRefusedError, readCard } from "@mrdata/learning";
import type { PagerDuty } from "@mrdata/pagerduty";
import {
  type Clock,
  type Ledger,
  type ModelStore,
  type Settings,
  signingSecretOf,
  systemClock,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { type PastIncident, problemsOfStoredRails } from "@mrdata/responder";
import { type Environment, pagerDutyOf, readEnvironment, type Target } from "@mrdata/runtime";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { findRunning } from "../running.ts";
import { sendWebhook } from "../send-webhook.ts";

/** Everything that a command needs to check a bot and its PagerDuty account. */
export type DoctorContext = {
  readonly environment: Environment;
  readonly ledger: Ledger;
  readonly models: ModelStore;
  /** Null while no token is configured. */
  readonly pagerduty: PagerDuty | null;
  readonly clock: Clock;
  readonly webhookUrl: string | null;
  /** `otherArmedServices`: services that are armed but not checked here. */
  checks(
    settings: Settings | null,
    armed: CheckOptions["armed"],
    otherArmedServices?: readonly string[],
  ): Promise<readonly Check[]>;
  /** The champion's card; null if there is no champion or its card is refused. */
  championCard(): Promise<ModelCard | null>;
  close(): Promise<void>;
};

export type DoctorContextOptions = {
  readonly webhookUrl?: string | undefined;
  /** How long a ping may take, milliseconds. */
  readonly pingWait?: number;
};

/**
 * Opens the target and the PagerDuty account named by the environment, completed by the configuration that the bot has stored.
 */
export async function openDoctorContext(
  target: Target,
  { webhookUrl: given, pingWait = defaultLimits.pingWait }: DoctorContextOptions,
  caller: NodeJS.ProcessEnv,
): Promise<DoctorContext> {
  const clock = systemClock;
  const { ledger, backend, env } = await openWithDeployedConfig(target, caller);
  const environment = readEnvironment({ ...env, MRDATA_TARGET: "local:." });
  const [secrets, models] = await Promise.all([backend.secrets(), backend.models()]);
  const token = async () => secrets.get("pagerduty-token");
  const pagerduty = (await token()) ? pagerDutyOf({ environment, clock }, token) : null;
  const running = target.kind === "local" ? (findRunning(target.directory)?.webhookUrl ?? null) : null;
  const webhookUrl = given ?? environment.MRDATA_WEBHOOK_URL ?? running;
  const secret = await signingSecretOf(secrets);
  const url = running ?? webhookUrl;
  return {
    environment,
    ledger,
    models,
    pagerduty,
    clock,
    webhookUrl,
    async championCard() {
      const champion = await ledger.alias("champion");
      if (champion === null) return null;
      try {
        return await readCard((file) => models.read(champion, file));
      } catch (error) {
        if (error instanceof ModelRefusedError) return null;
        throw error;
      }
    },
    checks: async (settings, armed, otherArmedServices = []) => [
      ...(await runChecks(
        {
          pagerduty,
          ledger,
          cardOf: verifiedModelCards(models, clock),
          clock,
          async deadLetters() {
            const bus = await openDeadLetters(target, {
              clock,
              ledger,
              suffix: environment.MRDATA_SUFFIX,
            });
            try {
              return await bus.deadLetters();
            } finally {
              await bus.close();
            }
          },
          history: () => pastMonth(ledger, clock.now()),
          budget: () => budgetCheck(ledger, clock.now()),
          probe: url === null || !secret ? null : () => ownPing(url, secret, clock.now()),
        },
        {
          armed,
          otherArmedServices,
          previouslyArmed: settings === null ? [] : previouslyArmedOf(settings),
          bot: environment.MRDATA_BOT_USER,
          automations: environment.MRDATA_AUTOMATION_USERS,
          from: environment.MRDATA_FROM,
          windowMs: environment.MRDATA_WINDOW,
          maxModelAge: environment.MRDATA_MODEL_MAX_AGE,
          fallbackPolicy: settings?.fallbackPolicy ?? environment.MRDATA_FALLBACK_POLICY,
          webhookUrl,
          ...defaultLimits,
          pingWait,
        },
      )),
      // A local bot has no alarms: its log is on the terminal that started it.
      ...(target.kind === "gcp" ? [checkAlarms(environment)] : []),
    ],
    close: () => ledger.close(),
  };
}

const MONTH_MS = 30 * 86_400_000;

/** The incidents of the last 30 days with their events, without drills. */
async function pastMonth(ledger: Ledger, now: number): Promise<readonly PastIncident[]> {
  const past: PastIncident[] = [];
  for await (const { state, events } of ledger.pastIncidents({ since: now - MONTH_MS })) {
    const { incident, service, openedAt, title } = state;
    if (service === null || openedAt === null || isDrillTitle(title)) continue;
    past.push({
      incident,
      service,
      openedAt,
      events: events.map(({ type, actor, actorId, occurredAt }) => ({ type, actor, actorId, occurredAt })),
    });
  }
  return past;
}

async function ownPing(url: string, secret: string, now: number): Promise<number | null> {
  const ping = {
    event: {
      id: `MRDATA${now}`,
      event_type: "pagey.ping",
      resource_type: "pagey",
      occurred_at: new Date(now).toISOString(),
      agent: null,
      client: null,
      data: { message: "Mr Data looks whether receive holds its secret.", type: "ping" },
    },
  };
  try {
    return (await sendWebhook(url, Buffer.from(JSON.stringify(ping)), secret)).status;
  } catch {
    return null;
  }
}

/** The settings, or the failed check that says why they cannot be read; then nothing is armed and everything is paged. */
export async function settingsOf({ ledger }: Pick<DoctorContext, "ledger">): Promise<{
  readonly settings: Settings | null;
  readonly unreadable: readonly Check[];
}> {
  try {
    const settings = await ledger.settings();
    const unreadable = problemsOfStoredRails(settings.rails).map((problem) =>
      failed(
        { name: "settings" },
        `Nothing is held: ${problem}.`,
        "Bring the version of Mr Data that runs up to date, or set it anew with the version that knows it.",
      ),
    );
    return { settings, unreadable };
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    const check = failed(
      { name: "settings" },
      `The settings cannot be read, so everything is paged: ${error.message}.`,
      "Mend the field that is named, or write them anew with the version of Mr Data that runs.",
    );
    return { settings: null, unreadable: [check] };
  }
}
