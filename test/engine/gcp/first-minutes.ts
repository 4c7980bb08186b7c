/**
 * What Google needs minutes for after it has said that it is done, by what it is about, in minutes:
 * `grants`: access that was granted is known where it is asked for ("typically 2 minutes, potentially 7 minutes or more",
 * https://cloud.google.com/iam/docs/access-change-propagation); `metrics`: an alert policy may speak of a metric of logs
 * ("it could take up to 10 minutes to become available"); `agents`: Vertex AI's own accounts are provisioned; `names`: the
 * name of a database that was deleted may be taken again (about five minutes); `apis`: an API that was enabled answers ("wait a few
 * minutes for the action to propagate", as its own refusal says).
 */
export type Delays = Readonly<Record<"grants" | "metrics" | "agents" | "names" | "apis", number>>;

export const NO_DELAY: Delays = { grants: 0, metrics: 0, agents: 0, names: 0, apis: 0 };

/** The age of things at Google, on a clock that is faster than ours. */
export type FirstMinutes = {
  delays: Delays;
  /** Minutes go by at once, as while a person reads what went wrong. */
  pass(minutes: number): void;
  /** Something is there, or gone, from now on. */
  note(id: string): void;
  /** Minutes until what was noted is known everywhere; 0 when it is. */
  left(kind: keyof Delays, id: string): number;
};

/** Of Google's time in one second of ours: what the program waits for is waited for whole, whatever the machine does. */
const MINUTES_PER_SECOND = 2;

export function createFirstMinutes(): FirstMinutes {
  const noted = new Map<string, number>();
  let passed = 0;
  const now = () => passed + (performance.now() / 1000) * MINUTES_PER_SECOND;
  const minutes: FirstMinutes = {
    delays: NO_DELAY,
    pass(more) {
      passed += more;
    },
    note(id) {
      noted.set(id, now());
    },
    left(kind, id) {
      const since = noted.get(id);
      return since === undefined ? 0 : Math.max(0, since + minutes.delays[kind] - now());
    },
  };
  return minutes;
}
