import { type Kind, type Props, text } from "../kind.ts";

const api = "monitoring.googleapis.com";

const own = (what: string) => (props: Props, number: number) =>
  `projects/${text(props, "project")}/${what}/${number}`;

/** The metrics of our own that a policy or a page speaks of: one that is not there is refused. */
const metricsIn = (props: Props): readonly string[] =>
  [...JSON.stringify(props).matchAll(/logging\.googleapis\.com\/user\/([\w/.-]+)/g)].map(
    (match) => match[1] ?? "",
  );

const channelsIn = ({ notificationChannels }: Props): readonly string[] =>
  Array.isArray(notificationChannels) ? notificationChannels.map(String) : [];

export const monitoringKinds: Readonly<Record<string, Kind>> = {
  "gcp:monitoring/alertPolicy:AlertPolicy": {
    api,
    id: own("alertPolicies"),
    computed: (props, number) => ({ name: own("alertPolicies")(props, number) }),
    immutable: ["project"],
    collides: false,
    refersTo: (props) => [...metricsIn(props), ...channelsIn(props)],
    early(props, minutes) {
      const unknown = metricsIn(props).find((name) => minutes.left("metrics", name) > 0);
      return unknown === undefined
        ? null
        : `Error 404: Cannot find metric(s) that match type = "logging.googleapis.com/user/${unknown}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`;
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
  "gcp:logging/metric:Metric": {
    api: "logging.googleapis.com",
    id: (props) => text(props, "name"),
    immutable: ["name", "project"],
    deletedFirst: true,
    collides: true,
  },
};
