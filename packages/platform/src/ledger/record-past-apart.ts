import type { IncidentEvent } from "@mrdata/incident";
import { UnreadableDocumentError } from "./decode.ts";
import type { RecordedPast } from "./record-past.ts";

type Past = readonly IncidentEvent[];

/** Whether the error is permanent and concerns one incident: no document can hold it, or a stored document cannot be read. */
const isOfOne = (error: unknown): error is Error =>
  error instanceof RangeError || error instanceof UnreadableDocumentError;

/**
 * Records all incidents in one write. If one of them cannot be recorded, each gets its own write, and that one is skipped
 * with the reason. Other errors are thrown.
 */
export async function oneByOne(
  pasts: readonly Past[],
  record: (some: readonly Past[]) => Promise<RecordedPast>,
): Promise<RecordedPast> {
  try {
    return await record(pasts);
  } catch (error) {
    if (!isOfOne(error)) throw error;
    if (pasts.length <= 1)
      return { ...nothing, setAside: [{ incident: incidentOf(pasts), reason: error.message }] };
  }
  let all = nothing;
  for (const past of pasts) all = addRecorded(all, await oneByOne([past], record));
  return all;
}

const nothing: RecordedPast = { added: 0, completed: 0, known: 0, events: 0 };

/** The sum of two results. */
export function addRecorded(a: RecordedPast, b: RecordedPast): RecordedPast {
  const setAside = [...(a.setAside ?? []), ...(b.setAside ?? [])];
  return {
    added: a.added + b.added,
    completed: a.completed + b.completed,
    known: a.known + b.known,
    events: a.events + b.events,
    ...(setAside.length === 0 ? {} : { setAside }),
  };
}
const incidentOf = (pasts: readonly Past[]): string => pasts[0]?.[0]?.incident ?? "";
