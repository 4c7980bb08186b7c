import type { Send } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import type { Handler, HandlerResponse } from "@mrdata/runtime";
import type { AccountDescription, DiscreteClock } from "@mrdata/simulator";
import { type FunctionName, TOKEN } from "../simulation/simulated-bot.ts";

/** What several faults put in one place; each takes away what it has put there, in whatever order. */
export type Stack<T> = {
  /** Stands there until the returned function is called. */
  add(layer: T): () => void;
  readonly all: readonly T[];
};

export function createStack<T>(): Stack<T> {
  let entries: readonly { readonly layer: T }[] = [];
  // Asked for at every call, and changed a few times a day.
  let all: readonly T[] = [];
  const change = (next: typeof entries): void => {
    entries = next;
    all = next.map(({ layer }) => layer);
  };
  return {
    add(layer) {
      const one = { layer };
      change([...entries, one]);
      return () => change(entries.filter((other) => other !== one));
    },
    get all() {
      return all;
    },
  };
}

/** What stands between the bot and its world. Any number of faults act at once: the one that came last is met first. */
export type Layers = {
  /** Before every function. */
  readonly door: Stack<
    (
      name: FunctionName,
      next: () => Promise<HandlerResponse>,
      clock: DiscreteClock,
    ) => Promise<HandlerResponse>
  >;
  /** Before every call of the ledger. */
  readonly ledger: Stack<(next: () => Promise<unknown>, clock: DiscreteClock) => Promise<unknown>>;
  /** Before PagerDuty's REST API. */
  readonly rest: Stack<(next: Send, clock: DiscreteClock) => Send>;
  /** The key that the bot has in place of its own. */
  readonly token: Stack<string>;
  /** How far the bot's clock is ahead, milliseconds: they add up. */
  readonly skew: Stack<number>;
  readonly settings: Stack<(settings: Settings) => Settings>;
  /** What people edited at PagerDuty. */
  readonly account: Stack<(account: AccountDescription) => AccountDescription>;
};

export const createLayers = (): Layers => ({
  door: createStack(),
  ledger: createStack(),
  rest: createStack(),
  token: createStack(),
  skew: createStack(),
  settings: createStack(),
  account: createStack(),
});

export const throughDoor =
  ({ door }: Layers) =>
  (name: FunctionName, handler: Handler, clock: DiscreteClock): Handler =>
  (request) =>
    door.all.length === 0
      ? handler(request)
      : door.all.reduce<() => Promise<HandlerResponse>>(
          (next, layer) => () => layer(name, next, clock),
          () => handler(request),
        )();

export const tokenOf =
  ({ token }: Layers) =>
  (): string =>
    token.all.at(-1) ?? TOKEN;

export const skewOf =
  ({ skew }: Layers) =>
  (): number =>
    skew.all.reduce((sum, one) => sum + one, 0);

export const throughLedger =
  ({ ledger: layers }: Layers) =>
  (ledger: Ledger, clock: DiscreteClock): Ledger => {
    const wrapped = new Map<PropertyKey, unknown>();
    return new Proxy(ledger, {
      get(target, name, receiver) {
        const known = wrapped.get(name);
        if (known !== undefined) return known;
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== "function" || name === "close" || name === "pastIncidents") return value;
        const through = async (...args: readonly unknown[]): Promise<unknown> => {
          const { all } = layers;
          if (all.length === 0) return Reflect.apply(value, target, args);
          const call = async (): Promise<unknown> => Reflect.apply(value, target, args);
          return all.reduce<() => Promise<unknown>>((next, layer) => () => layer(next, clock), call)();
        };
        wrapped.set(name, through);
        return through;
      },
    });
  };

export const throughRest =
  ({ rest }: Layers) =>
  (pagerduty: Send, clock: DiscreteClock): Send =>
  (url, request) =>
    rest.all.reduce((next, layer) => layer(next, clock), pagerduty)(url, request);
