import { AsyncLocalStorage } from "node:async_hooks";
import type { SetAside } from "@mrdata/platform";
import type { Terminal } from "./terminal.ts";

const terminals = new AsyncLocalStorage<Terminal>();

/** Runs a command so that what is met deep below it, and concerns whoever waits for it, is said on its terminal. */
export const tellingOn = <T>(terminal: Terminal, work: () => Promise<T>): Promise<T> =>
  terminals.run(terminal, work);

/** Says what cannot be read and is left out, so that the rest can go on. */
export const sayUnreadable: SetAside = ({ message }) => terminals.getStore()?.say(`${message}: left out`);
