import { alertmanager } from "./alertmanager.ts";
import { analytics } from "./analytics.ts";
import type { HistoryFormat } from "./format.ts";
import { incidents } from "./incidents.ts";
import { jira } from "./jira.ts";
import { logEntries } from "./log-entries.ts";
import { opsgenie } from "./opsgenie.ts";
import { own } from "./own.ts";
import { pdAnalytics, pdList } from "./pd-cli.ts";
import { pd2pgIncidents, pd2pgLogEntries } from "./pd2pg.ts";
import { servicenow } from "./servicenow.ts";
import { webhooks } from "./webhooks.ts";

/**
 * Every history format; the first that detects a row reads it. To add one, write its file with its test beside these, and list it here.
 */
export const historyFormats: readonly HistoryFormat[] = [
  own,
  pd2pgLogEntries,
  logEntries,
  pd2pgIncidents,
  incidents,
  pdAnalytics,
  analytics,
  servicenow,
  opsgenie,
  jira,
  pdList,
  webhooks,
  alertmanager,
];

/** The values for `--format`. */
export const formatNames: readonly string[] = historyFormats.map(({ name }) => name);

/** Formats whose rows are single events of incidents that other rows may open. */
export const eventFormats: ReadonlySet<string> = new Set(
  historyFormats.flatMap(({ name, isEventLog }) => (isEventLog ? [name] : [])),
);

/** The names under which JSON pages of any format have their rows. */
export const pageNames: readonly string[] = [...new Set(historyFormats.flatMap(({ pages = [] }) => pages))];

/** The normalised headings of all formats, by which the header line of a table is found. */
export const knownHeadings: ReadonlySet<string> = new Set(historyFormats.flatMap(({ headings }) => headings));
