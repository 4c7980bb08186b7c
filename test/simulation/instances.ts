import type { Handler } from "@mrdata/runtime";
import type { DiscreteClock } from "@mrdata/simulator";

export type InstanceLimits = {
  /** Requests that one instance works on at once. */
  readonly concurrency: number;
  /** After so long a request is answered with 504 for the instance, which may work on. */
  readonly timeoutSeconds: number;
};

const tooLate = "the request was cut off";

/**
 * Several instances of a function behind one address, as Cloud Run runs them: a request goes to one of them by chance,
 * and waits its turn where all that one takes at once are under way. Its time-out counts from when it came.
 */
export function instancesOf(
  handlers: readonly Handler[],
  { concurrency, timeoutSeconds }: InstanceLimits,
  { clock, random }: { readonly clock: DiscreteClock; readonly random: () => number },
): Handler {
  const instances = handlers.map((handler) => oneInstance(handler, concurrency));
  return async (request) => {
    const instance = instances[Math.floor(random() * instances.length)];
    if (instance === undefined) throw new Error("no instance runs");
    return within(
      clock,
      timeoutSeconds * 1_000,
      instance(request),
      () => new Response(tooLate, { status: 504 }),
    );
  };
}

/** What the work answers, or after so many milliseconds what `instead` does. Without signals, which cost more than most work here. */
export const within = <T>(
  clock: DiscreteClock,
  milliseconds: number,
  work: Promise<T>,
  instead: () => T,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = clock.schedule(clock.now() + milliseconds, () => resolve(instead()));
    work.then(resolve, reject).finally(cancel);
  });

function oneInstance(handler: Handler, concurrency: number): Handler {
  const queue: (() => void)[] = [];
  let busy = 0;
  return async (request) => {
    if (busy >= concurrency) await new Promise<void>((go) => queue.push(go));
    busy++;
    try {
      return await handler(request);
    } finally {
      busy--;
      queue.shift()?.();
    }
  };
}
