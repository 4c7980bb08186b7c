import { wrongIn } from "../../support/promql.ts";
import { at, each, type Rule, set, setIn, textAt } from "../rule.ts";
import { seconds, within } from "./quantities.ts";

const QUERY = "conditions.0.conditionPrometheusQueryLanguage";

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
      if (at(condition, "conditionPrometheusQueryLanguage") !== undefined) return null;
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
    "a query is PromQL, is asked every 30 s or a multiple, and waits for no metric",
    ["AlertPolicy"],
    (inputs) => {
      const query = at(inputs, "conditions.0.conditionPrometheusQueryLanguage");
      if (query === undefined) return null;
      const [wrong] = wrongIn(textAt(query, "query"));
      if (wrong !== undefined) return wrong;
      if (!(seconds(at(query, "evaluationInterval")) % 30 === 0)) return "asked at odd times";
      return at(query, "disableMetricValidation") === true && seconds(at(query, "duration")) >= 0
        ? null
        : "it would be refused while a metric is seconds old";
    },
    [
      setIn("watch-alarm-sweep-silent", `${QUERY}.query`, "sum(increase(a[5m]) < 1"),
      setIn("watch-alarm-sweep-silent", `${QUERY}.evaluationInterval`, "45s"),
      setIn("watch-alarm-sweep-silent", `${QUERY}.disableMetricValidation`, false),
      setIn("watch-alarm-sweep-silent", `${QUERY}.duration`, "1m"),
    ],
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#PrometheusQueryLanguageCondition",
  ),
  each(
    "an objective is a share below 1 of two counters, over 1 to 30 days, under a service that is there",
    ["Slo"],
    (inputs) => {
      const ratio = at(inputs, "requestBasedSli.goodTotalRatio");
      const filters = [textAt(ratio, "goodServiceFilter"), textAt(ratio, "totalServiceFilter")];
      if (!filters.every((one) => /^metric\.type="[^"]+" AND resource\.type="[^"]+"$/.test(one)))
        return "a counter is missing";
      if (!within(Number(at(inputs, "goal")), 0.5, 0.9999)) return `the goal is ${at(inputs, "goal")}`;
      return within(Number(at(inputs, "rollingPeriodDays")), 1, 30) && textAt(inputs, "service") !== ""
        ? null
        : "its period or its service";
    },
    [
      set("Slo", "goal", 1),
      set("Slo", "rollingPeriodDays", 31),
      set("Slo", "requestBasedSli.goodTotalRatio.goodServiceFilter", undefined),
      set("Slo", "service", ""),
    ],
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives",
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
