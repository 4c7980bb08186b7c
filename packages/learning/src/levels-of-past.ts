import { normaliseTitle, type PastIncident } from "@mrdata/incident";
import { z } from "zod";
import { type LevelCounts, likenessAmong } from "./beta-binomial.ts";

export const levelsOfPastSchema = z.object({
  /** The whole organisation: outcomes, and how many of them resolved themselves. */
  organisation: z.object({ selfResolved: z.number(), decided: z.number() }),
  /** How similar the alert types of a service are, and the services of the organisation: imagined outcomes. */
  likeness: z.object({ alertType: z.number(), service: z.number() }),
});

/** What a version knows of the levels above those that have records of their own. */
export type LevelsOfPast = z.infer<typeof levelsOfPastSchema>;

type Labelled = { readonly incident: PastIncident; readonly label: 0 | 1 };

const countsOf = (rows: readonly Labelled[]): LevelCounts => ({
  selfResolved: rows.filter(({ label }) => label === 1).length,
  decided: rows.length,
});

/** Computes them from incidents with a known outcome. */
export function levelsOfPast(rows: readonly Labelled[]): LevelsOfPast {
  const services = [...Map.groupBy(rows, ({ incident }) => incident.service).values()];
  const families = services.map((own) =>
    [...Map.groupBy(own, ({ incident }) => normaliseTitle(incident.title)).values()].map(countsOf),
  );
  return {
    organisation: countsOf(rows),
    likeness: { alertType: likenessAmong(families), service: likenessAmong([services.map(countsOf)]) },
  };
}
