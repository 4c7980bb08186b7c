import { add, type Fault } from "../rule.ts";

/** Adds a scheduled call; what is not said is usual. */
export const job = (inputs: Readonly<Record<string, unknown>>): Fault =>
  add({
    name: "x",
    type: "gcp:cloudscheduler/job:Job",
    inputs: { name: "x", schedule: "* * * * *", attemptDeadline: "60s", region: "us-central1", ...inputs },
  });
