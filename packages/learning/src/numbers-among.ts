import type { PastIncident } from "@mrdata/incident";

/** The numbers among an incident's details. */
export const numbersAmong = ({ details }: Pick<PastIncident, "details">): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
  );
