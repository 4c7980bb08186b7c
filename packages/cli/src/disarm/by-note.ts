import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import { ANSWER_MARKER } from "@mrdata/responder";
import { CommandError, exitCodes } from "../exit-codes.ts";

export type ByNotePorts = {
  readonly pagerduty: Pick<
    PagerDuty,
    "getOwnUser" | "getIncident" | "listIncidents" | "listNotes" | "addNote"
  >;
  readonly clock: Pick<Clock, "now" | "sleep">;
};

export type ByNoteOptions = {
  /** The incident to write on; null: the newest that is open, else the newest of the month. */
  readonly incident: string | null;
  readonly why: string;
  /** The bot's user, where it is known here. */
  readonly bot: string | null;
  /** The e-mail address that goes with an account's key. */
  readonly from: string | null;
  /** How long the bot may take to answer, milliseconds. */
  readonly waitMs: number;
  readonly onWritten: (incident: string) => void;
};

export type Obeyed = { readonly incident: string; readonly answer: string | null };

const MONTH_MS = 30 * 86_400_000;
const LOOKS_EVERY_MS = 2_000;

/**
 * Disarms everything by a note in PagerDuty, which needs neither Google Cloud nor the ledger from here, and waits for the bot's
 * answer on the same incident; null where none came in time. Throws CommandError for the bot's own key, whose notes are not
 * heard, and where there is no incident to write on.
 */
export async function disarmByNote(ports: ByNotePorts, options: ByNoteOptions): Promise<Obeyed> {
  const { pagerduty, clock } = ports;
  const own = await pagerduty.getOwnUser();
  if (own === null && options.from === null)
    throw new CommandError(
      "this is an account's key, and a note needs a writer: use a key of your own (My Profile → User Settings → API Access), or set MRDATA_FROM to your e-mail address",
      exitCodes.notConfigured,
    );
  if (own !== null && own.id === options.bot)
    throw new CommandError(
      `this key is the bot's own (${own.name}), and the bot does not listen to its own notes: set MRDATA_PAGERDUTY_TOKEN to a key of yours (My Profile → User Settings → API Access)`,
      exitCodes.usage,
    );
  const incident = options.incident ?? (await incidentToWriteOn(ports));
  const before = new Set((await pagerduty.listNotes(incident)).map(({ id }) => id));
  await pagerduty.addNote(incident, `mrdata: disarm: ${options.why}`);
  options.onWritten(incident);
  await refuseIfTheBots(ports, incident, before, options.bot);
  const until = clock.now() + options.waitMs;
  for (;;) {
    const answer = (await pagerduty.listNotes(incident)).find(
      ({ id, content }) => !before.has(id) && content.startsWith(`${ANSWER_MARKER} 'disarm'`),
    );
    if (answer !== undefined) return { incident, answer: answer.content };
    if (clock.now() >= until) return { incident, answer: null };
    await clock.sleep(LOOKS_EVERY_MS);
  }
}

/** With an account's key the note is whose address was sent, and that may be the bot's own. */
async function refuseIfTheBots(
  { pagerduty }: ByNotePorts,
  incident: string,
  before: ReadonlySet<string | null | undefined>,
  bot: string | null,
): Promise<void> {
  if (bot === null) return;
  const written = (await pagerduty.listNotes(incident)).find(
    ({ id, content }) => !before.has(id) && content.startsWith("mrdata: disarm"),
  );
  if (written?.user?.id === bot)
    throw new CommandError(
      `the note on ${incident} is the bot's own, for MRDATA_FROM is the bot's address, and the bot does not listen to its own notes: nothing was disarmed. Set MRDATA_FROM to your own address, or MRDATA_PAGERDUTY_TOKEN to a key of yours (My Profile → User Settings → API Access)`,
      exitCodes.usage,
    );
}

async function incidentToWriteOn({ pagerduty, clock }: ByNotePorts): Promise<string> {
  const now = clock.now();
  const lists = [
    pagerduty.listIncidents({ statuses: ["triggered", "acknowledged"], newestFirst: true }),
    pagerduty.listIncidents({ between: { since: now - MONTH_MS, until: now }, newestFirst: true }),
  ];
  for (const list of lists) for await (const { id } of list) return id;
  throw new CommandError(
    "there is no incident to write on: PagerDuty shows none that is open and none of the last 30 days. In PagerDuty, put the people's own policies back on the services",
  );
}
