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
 * Every way in which a history can be read; the first that knows a row reads it. To add one, write its file beside these
 * with its test, and name it here.
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

/** As `--format` takes them. */
export const formatNames: readonly string[] = historyFormats.map(({ name }) => name);

/** Those whose rows tell what happened to an incident that another row may have opened. */
export const eventFormats: ReadonlySet<string> = new Set(
  historyFormats.flatMap(({ name, tellsEvents }) => (tellsEvents ? [name] : [])),
);

/** Under which names any of them has the rows of a page. */
export const pageNames: readonly string[] = [...new Set(historyFormats.flatMap(({ pages = [] }) => pages))];

/** The words of headings that tell the line with the headings of a table from others. */
export const knownHeadings: ReadonlySet<string> = new Set(historyFormats.flatMap(({ headings }) => headings));
