import type { Handler, HandlerResponse } from "@mrdata/functions";
import type { Send } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import type { AccountDescription, DiscreteClock } from "@mrdata/simulator";
import { type FunctionName, TOKEN } from "../simulation/simulated-bot.ts";

/** What several faults put in one place; each takes away what it has put there, in whatever order. */
export type Stack<T> = {
  /** Stands there until the returned function is called. */
  add(layer: T): () => void;
  readonly all: readonly T[];
};

export function createStack<T>(): Stack<T> {
  let all: readonly { readonly layer: T }[] = [];
  return {
    add(layer) {
      const one = { layer };
      all = [...all, one];
      return () => {
        all = all.filter((other) => other !== one);
      };
    },
    get all() {
      return all.map(({ layer }) => layer);
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
    door.all.reduce<() => Promise<HandlerResponse>>(
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
  (ledger: Ledger, clock: DiscreteClock): Ledger =>
    new Proxy(ledger, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== "function" || name === "close" || name === "pastIncidents") return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const { all } = layers;
          const call = async (): Promise<unknown> => Reflect.apply(value, target, args);
          return all.length === 0
            ? call()
            : all.reduce<() => Promise<unknown>>((next, layer) => () => layer(next, clock), call)();
        };
      },
    });

export const throughRest =
  ({ rest }: Layers) =>
  (pagerduty: Send, clock: DiscreteClock): Send =>
  (url, request) =>
    rest.all.reduce((next, layer) => layer(next, clock), pagerduty)(url, request);
