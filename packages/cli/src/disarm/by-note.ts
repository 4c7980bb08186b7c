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
  /** The incident to write the note on; null: the newest open one, else the newest of the last 30 days. */
  readonly incident: string | null;
  readonly why: string;
  /** PagerDuty id of the bot's user; null if unknown here. */
  readonly bot: string | null;
  /** The `From` address, which an account-level key needs. */
  readonly from: string | null;
  /** How long to wait for the bot's answer, milliseconds. */
  readonly waitMs: number;
  readonly onWritten: (incident: string) => void;
};

export type NoteResult = { readonly incident: string; readonly answer: string | null };

const MONTH_MS = 30 * 86_400_000;
const POLL_INTERVAL_MS = 2_000;

/**
 * Disarms everything by a note in PagerDuty, which needs no access to Google Cloud or the ledger, and waits for the bot's answer on the
 * same incident; null if none came in time. Throws CommandError for the bot's own key, whose notes the bot ignores, and if there is no
 * incident to write on.
 */
export async function disarmByNote(ports: ByNotePorts, options: ByNoteOptions): Promise<NoteResult> {
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
  await assertNotFromBot(ports, incident, before, options.bot);
  const until = clock.now() + options.waitMs;
  for (;;) {
    const answer = (await pagerduty.listNotes(incident)).find(
      ({ id, content }) => !before.has(id) && content.startsWith(`${ANSWER_MARKER} 'disarm'`),
    );
    if (answer !== undefined) return { incident, answer: answer.content };
    if (clock.now() >= until) return { incident, answer: null };
    await clock.sleep(POLL_INTERVAL_MS);
  }
}

/** With an account-level key the author is whoever the `From` address belongs to, which may be the bot. */
async function assertNotFromBot(
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
