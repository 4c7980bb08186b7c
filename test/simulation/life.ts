import type { Handler } from "@mrdata/runtime";

/** The life of one set of instances. What it is given works until it ends; then nothing that it had begun goes on. */
export type Life = {
  /** A port whose methods never answer once the life is over, not even calls under way. */
  within<T extends object>(port: T): T;
  /** The same for a single function. */
  whole<A extends readonly unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R>;
  /** A handler whose caller loses the connection when the life ends. */
  answering(handler: Handler): Handler;
  /** As `kill -9` does. */
  end(): void;
};

const never = new Promise<never>(() => {});

export function startLife(): Life {
  let over = false;
  const waiting = new Set<(error: Error) => void>();
  const connectionLost = () => new Error("the instance is gone: connection closed");

  const whole =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (over) return never;
      try {
        const result = await work(...args);
        return over ? await never : result;
      } catch (error) {
        if (over) return never;
        throw error;
      }
    };

  return {
    whole,
    within(port) {
      // Methods are asked for at every call: each is wrapped once.
      const wrapped = new Map<PropertyKey, { readonly value: unknown; readonly whole: unknown }>();
      return new Proxy(port, {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== "function") return value;
          const known = wrapped.get(name);
          if (known?.value === value) return known.whole;
          const within = (...args: readonly unknown[]) => {
            if (over && name !== "now") return never;
            const result: unknown = Reflect.apply(value, target, args);
            return result instanceof Promise ? whole(() => result)() : result;
          };
          wrapped.set(name, { value, whole: within });
          return within;
        },
      });
    },
    answering: (handler) => (request) =>
      new Promise((resolve, reject) => {
        if (over) return reject(connectionLost());
        waiting.add(reject);
        handler(request)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      }),
    end() {
      over = true;
      for (const reject of waiting) reject(connectionLost());
      waiting.clear();
    },
  };
}
