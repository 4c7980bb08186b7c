import { type Ledger, systemClock } from "@mrdata/platform";
import { type Backend, openBackend } from "@mrdata/runtime";

type Env = Readonly<Record<string, string>>;

/** The backend of a home, as the local stack opens it. */
export const homeBackend = (directory: string, env: Env = {}): Backend =>
  openBackend({
    target: { kind: "local", directory },
    modelBucket: null,
    suffix: "",
    retention: null,
    env,
    clock: systemClock,
    setAside: () => {},
  });

/** Works on a home's ledger, and closes it. */
export async function withHomeLedger<T>(
  directory: string,
  work: (ledger: Ledger) => Promise<T>,
  env: Env = {},
): Promise<T> {
  const ledger = await homeBackend(directory, env).ledger();
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
