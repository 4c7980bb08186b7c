import type { ClientClock } from "@mrdata/pagerduty";

/**
 * A clock whose time stands still while anything is in flight and then jumps to the next thing due. Sixty days pass in
 * seconds, and the same inputs always happen in the same order.
 */
export type DiscreteClock = ClientClock & {
  /**
   * Does `work` at `at` (milliseconds since the epoch; what is past is done next). Things due at one time happen in
   * the order of scheduling. A failure of `work` makes `run` reject. Returns a function that cancels.
   */
  schedule(at: number, work: () => void | Promise<void>): () => void;
  /**
   * Keeps time from moving until the returned function is called: for input and output that the event loop alone does
   * not show (sockets, threads). Never hold over a `sleep` of this clock: neither would ever end.
   */
  hold(): () => void;
  /**
   * Runs everything due up to and including `until` (milliseconds since the epoch), and leaves the clock there; or
   * until `until()` is true. Throws if nothing is left to happen before that, and whatever scheduled work threw.
   */
  run(until: number | (() => boolean)): Promise<void>;
};

type Due = { readonly at: number; readonly order: number; work: (() => void | Promise<void>) | null };

/**
 * How often the event loop must turn without a hold before all is taken for settled. One turn empties the microtasks;
 * the rest is for chains that pass through the event loop themselves, such as the streams of request bodies.
 */
const QUIET_TURNS = 4;

/** `quietTurns`: 1 where nothing that runs on the clock passes through the event loop. Default: 4. */
export function createDiscreteClock(
  start: number,
  { quietTurns = QUIET_TURNS }: { readonly quietTurns?: number } = {},
): DiscreteClock {
  let time = start;
  let order = 0;
  let holds = 0;
  let running = false;
  let released: (() => void) | null = null;
  const failures: unknown[] = [];
  const queue: Due[] = [];

  function schedule(at: number, work: () => void | Promise<void>): () => void {
    if (!Number.isFinite(at)) throw new RangeError(`work cannot be scheduled at ${at}`);
    const due: Due = { at: Math.max(at, time), order: order++, work };
    push(queue, due);
    return () => {
      due.work = null;
    };
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet++) {
      await new Promise((turned) => setImmediate(turned));
      while (holds > 0) {
        await new Promise<void>((resume) => {
          released = resume;
        });
        quiet = 0;
      }
    }
    if (failures.length > 0) throw failures.shift();
  }

  function next(): Due | undefined {
    while (queue[0] !== undefined && queue[0].work === null) pop(queue);
    return queue[0];
  }

  function perform(due: Due): void {
    const { work } = due;
    due.work = null;
    if (work === null) return;
    // Not awaited: what it waits for may itself be due later.
    (async () => work())().catch((error: unknown) => {
      failures.push(error);
    });
  }

  return {
    now: () => time,
    schedule,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = schedule(time + Math.max(0, milliseconds), () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        signal?.addEventListener("abort", stop, { once: true });
      }),
    hold() {
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        if (holds === 0) released?.();
      };
    },
    async run(until) {
      if (running) throw new Error("the clock is running already: await the first run before the next");
      running = true;
      try {
        for (;;) {
          await settle();
          if (typeof until === "function" && until()) return;
          const due = next();
          if (due === undefined || (typeof until === "number" && due.at > until)) {
            if (typeof until === "function")
              throw new Error("nothing more is scheduled, and what was waited for has not happened");
            time = Math.max(time, until);
            return;
          }
          pop(queue);
          time = due.at;
          perform(due);
        }
      } finally {
        running = false;
      }
    },
  };
}

/**
 * Does work that goes through sockets or threads while time stands still. A peer that never answers would stop time
 * for good, so time goes on after `patience` (real milliseconds): only then is a run not reproducible.
 */
export async function whileHeld<T>(
  clock: DiscreteClock,
  work: () => Promise<T>,
  patience = 10_000,
): Promise<T> {
  const release = clock.hold();
  const impatient = setTimeout(release, patience);
  try {
    return await work();
  } finally {
    clearTimeout(impatient);
    release();
  }
}

const earlier = (a: Due | undefined, b: Due | undefined): boolean =>
  a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));

function swap(heap: Due[], i: number, j: number): void {
  const a = heap[i];
  const b = heap[j];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}

/** Binary heap, earliest first. */
function push(heap: Due[], due: Due): void {
  heap.push(due);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!earlier(heap[i], heap[parent])) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function pop(heap: Due[]): void {
  swap(heap, 0, heap.length - 1);
  heap.pop();
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    const child = earlier(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!earlier(heap[child], heap[i])) return;
    swap(heap, i, child);
    i = child;
  }
}
