import type { FirstMinutes } from "../first-minutes.ts";
import { at, type Kind, type Props, text, textAt } from "../kind.ts";

const api = "monitoring.googleapis.com";

const own = (what: string) => (props: Props, number: number) =>
  `projects/${text(props, "project")}/${what}/${number}`;

/**
 * The metrics of our own that a policy, an objective or a page speaks of: one that is not there is refused. In PromQL their names
 * read otherwise, and nobody looks whether they are there where that is switched off (`disableMetricValidation`).
 */
const metricsIn = (props: Props): readonly string[] =>
  [...JSON.stringify(props).matchAll(/logging\.googleapis\.com\/user\/([\w/.-]+)/g)].map(
    (match) => match[1] ?? "",
  );

const validatedQuery = ({ conditions }: Props): string | null => {
  const query = (Array.isArray(conditions) ? conditions : []).map((one) =>
    at(one, "conditionPrometheusQueryLanguage"),
  );
  const wrong = query.find((one) => one !== undefined && at(one, "disableMetricValidation") !== true);
  return wrong === undefined ? null : textAt(wrong, "query");
};

const channelsIn = ({ notificationChannels }: Props): readonly string[] =>
  Array.isArray(notificationChannels) ? notificationChannels.map(String) : [];

function unknownIn(props: Props, minutes: FirstMinutes): string | null {
  const unknown = metricsIn(props).find((name) => minutes.left("metrics", name) > 0);
  return unknown === undefined
    ? null
    : `Error 404: Cannot find metric(s) that match type = "logging.googleapis.com/user/${unknown}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`;
}

const serviceOf = (props: Props, service: string): string =>
  `projects/${text(props, "project")}/services/${service}`;

export const monitoringKinds: Readonly<Record<string, Kind>> = {
  "gcp:monitoring/alertPolicy:AlertPolicy": {
    api,
    id: own("alertPolicies"),
    computed: (props, number) => ({ name: own("alertPolicies")(props, number) }),
    immutable: ["project"],
    collides: false,
    refersTo: (props) => [...metricsIn(props), ...channelsIn(props)],
    early(props, minutes) {
      if (validatedQuery(props) !== null)
        return "Error 400: Field alert_policy.conditions[0].condition_prometheus_query_language.query had an invalid value: the double looks up no metrics of queries";
      return unknownIn(props, minutes);
    },
  },
  "gcp:monitoring/notificationChannel:NotificationChannel": {
    api,
    id: own("notificationChannels"),
    computed: (props, number) => ({
      name: own("notificationChannels")(props, number),
      verificationStatus: "UNVERIFIED",
    }),
    immutable: ["project", "type"],
    collides: false,
    keeps: () => null,
  },
  "gcp:monitoring/dashboard:Dashboard": {
    api,
    id: own("dashboards"),
    immutable: ["project"],
    collides: false,
  },
  "gcp:monitoring/customService:CustomService": {
    api,
    id: (props) => serviceOf(props, text(props, "serviceId")),
    computed: (props) => ({ name: serviceOf(props, text(props, "serviceId")) }),
    immutable: ["project", "serviceId"],
    deletedFirst: true,
    collides: true,
  },
  "gcp:monitoring/slo:Slo": {
    api,
    id: (props) =>
      `${serviceOf(props, text(props, "service"))}/serviceLevelObjectives/${text(props, "sloId")}`,
    computed: (props) => ({
      name: `${serviceOf(props, text(props, "service"))}/serviceLevelObjectives/${text(props, "sloId")}`,
    }),
    immutable: ["project", "service", "sloId"],
    deletedFirst: true,
    collides: true,
    refersTo: (props) => [serviceOf(props, text(props, "service")), ...metricsIn(props)],
    early: (props, minutes) => unknownIn(props, minutes),
  },
  "gcp:logging/metric:Metric": {
    api: "logging.googleapis.com",
    id: (props) => text(props, "name"),
    immutable: ["name", "project"],
    deletedFirst: true,
    collides: true,
  },
};
