import { beginningOf } from "../chaos/beginning.ts";
import { runJob } from "../chaos/job.ts";
import { aside, atLeast, atMost, type Figure } from "./figure.ts";

const SEED = 1;
/** Beside the storm's own: the least that a run can be. */
const INCIDENTS = 100;

/**
 * 2,000 incidents within a minute, none held, against the PagerDuty double with its limits: 960 REST calls a minute and
 * 500 of PUT /incidents. Who is told when, in simulated seconds, and how many REST calls a page takes.
 */
export async function benchStorm(): Promise<readonly Figure[]> {
  const { line } = await runJob({
    fault: "storm-2000",
    incidents: INCIDENTS,
    seed: SEED,
    http: false,
    broken: null,
    beginning: await beginningOf(SEED),
  });
  const { storm } = line;
  if (storm === null || storm.callsPerPage === null) throw new Error("no storm was played");
  return [
    atLeast("storm.2000", storm.toldWithin60s / storm.incidents, "of a storm told within 60 s", 1),
    atMost("storm.2000.calls", storm.callsPerPage, "REST calls a page", 0.1),
    aside("storm.2000.worst", storm.worstSeconds, "simulated seconds"),
    aside("storm.2000.count", storm.incidents, "incidents"),
  ];
}
