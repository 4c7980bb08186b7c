import { readFileSync } from "node:fs";
import { messageOf } from "@mrdata/base";
import type { PastIncident } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { parse } from "csv-parse/sync";
import { NO_SERVICE } from "./formats/format.ts";
import { HistoryFileError } from "./history-file-error.ts";

/** Ids of services by name in lower case; null for an ambiguous name. */
export type ServiceIds = ReadonlyMap<string, string | null>;

/** The pattern of PagerDuty ids. */
const isId = (service: string): boolean => /^[A-Z][A-Z0-9]{5,19}$/u.test(service);

/** True for an incident whose service is not a PagerDuty id; live incidents are filed under ids. */
const lacksServiceId = ({ service }: PastIncident): boolean => !isId(service);

export const withoutServiceId = (incidents: readonly PastIncident[]): readonly PastIncident[] =>
  incidents.filter(lacksServiceId);

export function idsByName(services: Iterable<{ readonly id: string; readonly name: string }>): ServiceIds {
  const ids = new Map<string, string | null>();
  for (const { id, name } of services) {
    const key = name.trim().toLowerCase();
    ids.set(key, ids.has(key) && ids.get(key) !== id ? null : id);
  }
  return ids;
}

/** Reads a table of service ids and names. Throws HistoryFileError for any other file. */
export function readServiceNames(file: string): ServiceIds {
  let rows: readonly Readonly<Record<string, string>>[];
  try {
    rows = parse(readFileSync(file, "utf8"), {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      columns: (names: string[]) => names.map(columnWords),
    });
  } catch (error) {
    throw new HistoryFileError(`${file} cannot be read as a table of services: ${messageOf(error)}`);
  }
  const services = rows.flatMap((row) => {
    const id = row.id ?? row.service_id;
    const name = row.name ?? row.service_name ?? row.summary ?? row.service;
    return id && name ? [{ id, name }] : [];
  });
  if (services.length === 0)
    throw new HistoryFileError(
      `${file} names no service: it takes the headings id and name, and a service a line`,
    );
  return idsByName(services);
}

/** Replaces known service names by ids; other incidents stay unchanged. */
export function withServiceIds(incidents: readonly PastIncident[], ids: ServiceIds): readonly PastIncident[] {
  return incidents.map((past) => {
    if (!lacksServiceId(past)) return past;
    const id =
      ids.get(past.service.trim().toLowerCase()) ?? ids.get((past.serviceName ?? "").trim().toLowerCase());
    return id == null ? past : { ...past, service: id, serviceName: past.serviceName ?? past.service };
  });
}

const MAX_NAMED = 5;

/** The warning about incidents without a service id; null if there are none. */
export function missingIdsSentence(incidents: readonly PastIncident[]): string | null {
  const untied = withoutServiceId(incidents);
  if (untied.length === 0) return null;
  const names = [...new Set(untied.map(({ service }) => service))];
  const shown = names.slice(0, MAX_NAMED).map((name) => (name === NO_SERVICE ? name : `"${name}"`));
  return `${untied.length} of ${incidents.length} incidents are filed under a service's name, not its id (${shown.join(", ")}${names.length > MAX_NAMED ? ", …" : ""}): live incidents come under the id, and this past will not count for them. Tie them with --services names.csv (headings id, name), or set MRDATA_PAGERDUTY_TOKEN, before they are imported`;
}
