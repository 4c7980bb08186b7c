import { availableParallelism } from "node:os";

/** Number of threads: one per core, at most one per unit of work; none on a single core. */
export const threads = (work: number): number =>
  availableParallelism() < 2 ? 0 : Math.min(availableParallelism(), work);
