import { availableParallelism } from "node:os";

/** A thread for every core, as far as there is work for it; one core does without. */
export const threads = (work: number): number =>
  availableParallelism() < 2 ? 0 : Math.min(availableParallelism(), work);
