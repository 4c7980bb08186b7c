import { regions } from "../regions.ts";
import { at, each, type Rule, set, setIn, textAt } from "../rule.ts";
import { job } from "./job.ts";

/** What Google refuses of projects, places, labels, accounts and conditions, and the provider's own check lets pass. */
export const commonLimits: readonly Rule[] = [
  each(
    "regions are regions",
    ["Function", "Job", "Database", "Bucket", "Repository"],
    (inputs) => {
      const region = textAt(inputs, "location") || textAt(inputs, "region") || textAt(inputs, "locationId");
      return regions.has(region.toLowerCase()) ? null : `'${region}'`;
    },
    [
      set("Function", "location", "us-centrall"),
      set("Bucket", "location", "MARS"),
      job({ region: "nowhere" }),
      set("Database", "locationId", "x"),
    ],
    "https://cloud.google.com/about/locations",
  ),
  each(
    "conditions of grants are comparisons of a resource",
    ["IAMMember"],
    (inputs) => {
      const condition = at(inputs, "condition");
      if (condition === undefined) return null;
      return /^resource\.name(\.startsWith\("[^"]+"\)| == "[^"]+")$/.test(textAt(condition, "expression")) &&
        textAt(condition, "title") !== ""
        ? null
        : textAt(condition, "expression");
    },
    [
      setIn("respond-ledger-write", "condition.expression", "only the ledger"),
      setIn("respond-ledger-write", "condition.title", ""),
    ],
    "https://cloud.google.com/iam/docs/conditions-overview#structure",
  ),
  each(
    "accounts have ids that IAM takes",
    ["Account"],
    ({ accountId }) => (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(String(accountId)) ? null : `'${accountId}'`),
    [set("Account", "accountId", "a".repeat(31)), set("Account", "accountId", "push")],
    "https://cloud.google.com/iam/docs/service-accounts-create",
  ),
  each(
    "labels are lower-case words",
    [
      "Topic",
      "Subscription",
      "Bucket",
      "Function",
      "Secret",
      "Repository",
      "AlertPolicy",
      "NotificationChannel",
    ],
    (inputs) => {
      const labels = Object.entries(Object(at(inputs, "labels") ?? {}));
      const own = at(inputs, "emailAddress") === undefined && at(inputs, "userLabels") !== undefined;
      const all = own ? Object.entries(Object(at(inputs, "userLabels"))) : labels;
      const bad = all.find(
        ([key, value]) => !/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(String(value)),
      );
      return bad === undefined && all.length <= 64 ? null : String(bad);
    },
    [
      set("Topic", "labels.Team", "sre"),
      set("Bucket", "labels.team", "S R E"),
      set("AlertPolicy", "userLabels.team", "S R E"),
    ],
    "https://cloud.google.com/resource-manager/docs/labels-overview#requirements",
  ),
  each(
    "projects are ids and not titles",
    ["Topic", "Function", "Service", "Database"],
    (inputs) =>
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(textAt(inputs, "project"))
        ? null
        : `'${textAt(inputs, "project")}'`,
    [set("Topic", "project", "My Project"), set("Topic", "project", undefined)],
    "https://cloud.google.com/resource-manager/docs/creating-managing-projects",
  ),
];
