import { type GuardRail, passes, stops } from "../circumstances.ts";

/** The details that an incident has are those that the model's incidents had. */
export const details: GuardRail = {
  name: "details",
  judge: ({ forecast: { unlike = [] } }) =>
    unlike.length === 0
      ? passes("It has the details that the model has learnt from.")
      : stops(`The model has learnt from nothing like it: ${unlike.join("; ")}.`),
};
