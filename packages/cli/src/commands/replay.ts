import { readFileSync } from "node:fs";
import { messageOf } from "@mrdata/base";
import type { Actor, Outcome } from "@mrdata/incident";
import { parseWebhook } from "@mrdata/pagerduty";
import { type Ledger, outcomeAt, signingSecretOf } from "@mrdata/platform";
import { type Environment, identityOf, readEnvironment } from "@mrdata/runtime";
import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { durationWith } from "../option-types.ts";
import { findRunning } from "../running.ts";
import { errorIn, type Sent, sendWebhook } from "../send-webhook.ts";
import { settingsOrNull } from "../settings-unreadable.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { withStack } from "../with-stack.ts";

export type ReplayOptions = TargetOptions & {
  readonly json: boolean;
  readonly url?: string | undefined;
  readonly wait: number;
};

/** The result of one payload. */
export type Replayed = {
  readonly file: string;
  /** HTTP status of the response. */
  readonly status: number;
  readonly type: string | null;
  readonly incident: string | null;
  readonly actor: Actor | null;
  /** The incident's outcome by its recorded events; null until it is decided. */
  readonly outcome: Outcome | null;
  readonly error?: string;
};

type Payload = { readonly file: string; readonly body: Uint8Array };

/** Sends saved payloads through the whole pipeline over signed HTTP and prints the result of each. */
export async function replay(
  files: readonly string[],
  options: ReplayOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const payloads = files.flatMap(readPayloads);
  const target = chooseTarget(options, env);
  const report = async (
    ledger: Ledger,
    sent: readonly Sent[],
    environment = readEnvironment({ ...env, MRDATA_TARGET: "local:." }),
  ): Promise<void> => {
    const rows = await Promise.all(
      payloads.map((payload, i) => describe(payload, sent[i], ledger, environment)),
    );
    for (const row of rows) terminal.out(options.json ? JSON.stringify(row) : lineOf(row));
    const refused = rows.filter((row) => row.status >= 400).length;
    if (refused > 0) throw new CommandError(`${refused} of ${rows.length} payloads were refused`);
  };

  const running = target.kind === "local" ? findRunning(target.directory) : null;
  const url = options.url ?? running?.webhookUrl;
  if (url === undefined && target.kind === "local") {
    return withStack(
      target.directory,
      env,
      () => {},
      async (stack) => {
        const sent = await sendAll(payloads, stack.webhookUrl, stack.secret, terminal);
        await stack.bus.idle({ ignoreRetries: true });
        await report(stack.ledger, sent);
      },
    );
  }
  if (url === undefined) {
    throw new CommandError(
      "name the deployed function with --url: the output webhookUrl of the deployment",
      exitCodes.notConfigured,
    );
  }
  const { ledger, backend, env: deployed } = await openWithDeployedConfig(target, env);
  try {
    const secret = await signingSecretOf(await backend.secrets());
    if (!secret)
      throw new CommandError(
        "no signing secret: set MRDATA_WEBHOOK_SECRET to the subscription's",
        exitCodes.notConfigured,
      );
    const sent = await sendAll(payloads, url, secret, terminal);
    await untilRecorded(payloads, sent, ledger, options.wait);
    await report(ledger, sent, readEnvironment({ ...deployed, MRDATA_TARGET: "local:." }));
  } finally {
    await ledger.close();
  }
}

/** Reads a file with one payload, a JSON array of them, or one per line. A file that is not JSON is sent unchanged. */
function readPayloads(file: string): readonly Payload[] {
  let body: Buffer;
  try {
    body = readFileSync(file);
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${reasonOf(error)}`, exitCodes.usage);
  }
  const text = textIn(body);
  const whole = tryJson(text);
  if (Array.isArray(whole) && whole.length === 0)
    throw new CommandError(`there is no payload in ${file}: it is an empty list`, exitCodes.usage);
  if (Array.isArray(whole))
    return whole.map((payload, i) => ({
      file: `${file}#${i + 1}`,
      body: Buffer.from(JSON.stringify(payload)),
    }));
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (whole === undefined && lines.length > 1 && lines.every((line) => tryJson(line) !== undefined)) {
    return lines.map((line, i) => ({ file: `${file}#${i + 1}`, body: Buffer.from(line) }));
  }
  return [{ file, body }];
}

/** Why a file cannot be read, for people. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EISDIR") return "it is a folder: name the files in it";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "you may not read it";
  return typeof code === "string" ? code : "unknown error";
}

/** Decodes a body as `receive` does: without a byte order mark. */
const textIn = (body: Uint8Array): string => new TextDecoder().decode(body);

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function sendAll(
  payloads: readonly Payload[],
  url: string,
  secret: string,
  terminal: Terminal,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const { file, body } of payloads) {
    terminal.progress(`sending ${sent.length + 1} of ${payloads.length}: ${file}`);
    try {
      sent.push(await sendWebhook(url, body, secret));
    } catch (error) {
      throw new CommandError(`${url} does not answer: ${messageOf(error)}`);
    }
  }
  return sent;
}

/** Another process handles the events: polls until every accepted one is recorded, or `timeoutMs` has passed. */
async function untilRecorded(
  payloads: readonly Payload[],
  sent: readonly Sent[],
  ledger: Ledger,
  timeoutMs: number,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (const [i, { body }] of payloads.entries()) {
    const parsed = parseWebhook(tryJson(textIn(body)), { botUser: null });
    if (sent[i]?.status !== 200 || parsed.kind !== "incident-event") continue;
    const { incident, id } = parsed.event;
    while (
      !(await ledger.incident(incident))?.events.some((event) => event.id === id) &&
      Date.now() < until
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function describe(
  payload: Payload,
  sent: Sent | undefined,
  ledger: Ledger,
  environment: Environment,
): Promise<Replayed> {
  const { file, body } = payload;
  const status = sent?.status ?? 0;
  const parsed = parseWebhook(tryJson(textIn(body)), identityOf(environment));
  const error = status >= 400 && sent ? { error: errorIn(sent.answer) } : {};
  if (parsed.kind === "invalid")
    return { file, status, type: null, incident: null, actor: null, outcome: null, ...error };
  if (parsed.kind === "ignored")
    return { file, status, type: parsed.type, incident: null, actor: parsed.actor, outcome: null, ...error };
  const { event } = parsed;
  const { known, decided } = await outcomeAt(ledger, event.incident, {
    windowMs: environment.MRDATA_WINDOW,
    settings: await settingsOrNull(ledger),
    now: Date.now(),
  });
  // The process that recorded it may know of more automation users than this shell's environment names.
  const recorded = known?.events.find(({ id }) => id === event.id);
  return {
    file,
    status,
    type: `incident.${event.type}`,
    incident: event.incident,
    actor: recorded?.actor ?? event.actor,
    outcome: decided?.outcome ?? null,
    ...error,
  };
}

const lineOf = (row: Replayed): string =>
  [
    row.status,
    row.type ?? "-",
    row.incident ?? "-",
    row.actor ?? "-",
    row.outcome ?? (row.error ? `refused: ${row.error}` : "undecided"),
    row.file,
  ].join("  ");

export const declareReplay: Declare = (program, { terminal, env }) => {
  onTarget(program.command("replay <file...>"))
    .description(
      "send saved webhook payloads through the whole of it; a file holds one, a JSON list, or one a line",
    )
    .option("--url <url>", "webhook URL (default: the server that runs in the home, else one for the while)")
    .addOption(
      durationWith("--wait <duration>", "how long to wait for another process to record them", "10s"),
    )
    .addHelpText(
      "after",
      "\nEnds with 1 if any payload was refused.\n\nExample: mrdata replay payload.json --json",
    )
    .action((files, options) => replay(files, options, terminal, env));
};
