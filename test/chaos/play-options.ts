import type { Beginning } from "./beginning.ts";
import type { Break } from "./breaks.ts";
import type { Fault } from "./faults.ts";

export type PlayOptions = {
  /** All of them, each on and off by itself. */
  readonly faults: readonly Fault[];
  readonly incidents: number;
  readonly seed: number;
  /** Functions, bus and PagerDuty speak over HTTP on 127.0.0.1. */
  readonly http?: boolean;
  readonly beginning: Beginning;
  readonly broken?: Break | undefined;
  /** Called now and then with the share of the incidents that has been played. */
  readonly onProgress?: (share: number) => void;
};
