import { allow, deny, type GuardRail } from "../circumstances.ts";

/** Denies if the incident's details are unlike those that the model has learnt from. */
export const details: GuardRail = {
  name: "details",
  judge: ({ forecast: { unlike = [] } }) =>
    unlike.length === 0
      ? allow("It has the details that the model has learnt from.")
      : deny(`The model has learnt from nothing like it: ${unlike.join("; ")}.`),
};
