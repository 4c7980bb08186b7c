import { at, each, type Rule, set, setIn, textAt } from "../rule.ts";
import { seconds, within } from "./quantities.ts";

/** What Cloud Monitoring and Logging refuse and the provider's own check lets pass. */
export const watchLimits: readonly Rule[] = [
  each(
    "a channel has the label that its kind asks for",
    ["NotificationChannel"],
    (inputs) => {
      if (at(inputs, "type") === "email")
        return textAt(inputs, "labels.email_address").includes("@") ? null : "no email_address";
      return at(inputs, "type") === "pagerduty" && at(inputs, "sensitiveLabels") !== undefined
        ? null
        : "no service key";
    },
    [
      setIn("watch-email", "labels", { email: "sre@example.com" }),
      setIn("watch-pagerduty", "sensitiveLabels", undefined),
    ],
    "https://cloud.google.com/monitoring/alerts/using-channels-api",
  ),
  each(
    "an alarm has conditions, each of one kind",
    ["AlertPolicy"],
    ({ conditions }) => {
      if (!Array.isArray(conditions) || conditions.length < 1 || conditions.length > 6)
        return "it has none or too many";
      const kinds = conditions.map(
        (one) => Object.keys(Object(one)).filter((key) => key.startsWith("condition")).length,
      );
      return kinds.every((count) => count === 1) ? null : "a condition has no kind, or two";
    },
    [
      set("AlertPolicy", "conditions", []),
      setIn("watch-alarm-dead-letters", "conditions.0.conditionAbsent", { filter: "x", duration: "300s" }),
      set("AlertPolicy", "conditions.0", { displayName: "x" }),
    ],
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Condition",
  ),
  each(
    "alarms wait whole minutes, and look for what is absent at most 23 h 30 min back",
    ["AlertPolicy"],
    (inputs) => {
      const condition = at(inputs, "conditions.0");
      const absent = at(condition, "conditionAbsent");
      const length = seconds(at(absent ?? at(condition, "conditionThreshold"), "duration"));
      const period = seconds(
        at(absent ?? at(condition, "conditionThreshold"), "aggregations.0.alignmentPeriod"),
      );
      if (length % 60 !== 0 || Number.isNaN(length) || !(period >= 60)) return "not whole minutes";
      return absent === undefined || within(length, 120, 84_600) ? null : `${length} s is not looked back`;
    },
    [
      setIn("watch-alarm-no-webhooks", "conditions.0.conditionAbsent.duration", "86400s"),
      setIn("watch-alarm-dead-letters", "conditions.0.conditionThreshold.duration", "90s"),
      setIn(
        "watch-alarm-dead-letters",
        "conditions.0.conditionThreshold.aggregations.0.alignmentPeriod",
        "10s",
      ),
    ],
    "https://cloud.google.com/monitoring/alerts/concepts-indepth#duration",
  ),
  each(
    "metrics of logs have short names and look at services of ours alone",
    ["Metric"],
    ({ name, filter }) =>
      String(name).length <= 100 &&
      /service_name=(?:"mrdata-[^"]+"|\("mrdata-[^"]+"(?: OR "mrdata-[^"]+")*\)) AND /.test(String(filter))
        ? null
        : `'${name}'`,
    [
      set("Metric", "name", "m".repeat(101)),
      set("Metric", "filter", 'jsonPayload.event="x"'),
      set("Metric", "filter", 'resource.labels.service_name=("mrdata-a" OR "b") AND jsonPayload.event="x"'),
    ],
    "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics",
  ),
];
