import type { PastIncident } from "@mrdata/incident";
import { numberIn } from "./number-in.ts";

/** The numeric details of an incident, including numbers written as text. */
export const numbersAmong = ({ details }: Pick<PastIncident, "details">): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]): [string, number][] => {
      const number = numberIn(value);
      return number === null ? [] : [[name, number]];
    }),
  );
