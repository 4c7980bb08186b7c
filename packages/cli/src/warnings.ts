import { AsyncLocalStorage } from "node:async_hooks";
import type { SetAside } from "@mrdata/platform";
import type { Terminal } from "./terminal.ts";

const terminals = new AsyncLocalStorage<Terminal>();

/** Runs a command so that warnings from deep below it reach its terminal. */
export const withWarningsOn = <T>(terminal: Terminal, work: () => Promise<T>): Promise<T> =>
  terminals.run(terminal, work);

/** Prints what cannot be read and is left out, so that the rest can proceed. */
export const warnUnreadable: SetAside = ({ message }) => terminals.getStore()?.say(`${message}: left out`);
