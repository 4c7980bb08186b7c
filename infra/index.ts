// What Mr Data is on Google Cloud, in the order in which an incident meets it.
import { manifests } from "@mrdata/functions/manifests";
import * as pulumi from "@pulumi/pulumi";
import { Apis } from "./components/apis.ts";
import { Buckets } from "./components/buckets.ts";
import { Builder } from "./components/builder.ts";
import { Callers } from "./components/callers.ts";
import { FunctionDeployment } from "./components/function-deployment.ts";
import { Hosting } from "./components/hosting.ts";
import { Ledger } from "./components/ledger.ts";
import { Model } from "./components/model.ts";
import { Notify } from "./components/notify.ts";
import { PushSubscription } from "./components/push-subscription.ts";
import type { Stack } from "./components/stack.ts";
import { declareTrigger } from "./components/trigger.ts";
import { Watch } from "./components/watch.ts";
import { Webhook } from "./components/webhook.ts";
import { nextStepsOf } from "./plan/next-steps.ts";
import { servicesOf } from "./plan/services.ts";
import { preflight } from "./preflight.ts";

const { archives, ...named } = await preflight();
const { settings, names } = named;
const apis = new Apis("apis", { project: settings.project, services: servicesOf(settings, manifests) });
const stack: Stack = { ...named, apis };

// PagerDuty signs webhooks, and is called with a token.
const webhook = new Webhook("webhook", { stack, url: `${names.url("receive")}/` });
// Every event goes through one topic.
const notify = new Notify("pd-notify", { stack });
// What is remembered: the ledger, and the model versions.
const ledger = new Ledger("ledger", { stack });
const buckets = new Buckets("buckets", { stack });

// The functions of packages/functions, bundled: each with its account and the grants of its needs …
const builder = new Builder("builder", { stack, buckets });
const callers = new Callers("callers", { stack, manifests, notify });
const targets = { project: settings.project, notify, ledger, buckets, secrets: webhook.secrets };
const functions = manifests.map(
  (manifest) =>
    new FunctionDeployment(manifest.name, {
      stack,
      manifest,
      archive: archives.get(manifest.name),
      buckets,
      builder,
      callers,
      targets,
    }),
);
// … and what calls it: pd-notify-model pushes to respond, pd-notify-firestore to record, the scheduler the others.
const triggers = functions.flatMap((to) => declareTrigger(to, { stack, notify, callers }));
const switches = webhook.sendAfter(functions);

// Alerting on its own health. Alarms come after all that works without them, …
const calls = triggers.map((trigger) =>
  trigger instanceof PushSubscription ? trigger.subscription : trigger.job,
);
const working = [...functions.flatMap(({ invokable }) => invokable), ...calls, ...switches];
const watch = new Watch("watch", { stack, manifests, after: working });
// … and the model last: until it is promoted the alert type's own rate predicts.
const { version } = settings;
const vertex = version === null ? null : new Model("model", { stack, buckets, version, after: [watch] });
// Who serves it beside the bot's own process, where somebody is to.
const hosting =
  version === null || vertex === null || settings.hosting === "none"
    ? null
    : new Hosting("hosting", { stack, model: vertex, version, functions });

export const webhookUrl = `${names.url("receive")}/`;
export const topic = notify.topic.name;
export const subscriptions = triggers
  .filter((trigger) => trigger instanceof PushSubscription)
  .map(({ subscription }) => subscription.name);
export const { database } = ledger;
export const modelBucket = buckets.models.name;
export const model = vertex?.model.name ?? null;
export const modelVersion = vertex?.version.alias ?? null;
export const endpoint = hosting === null ? null : names.endpoint;
export const functionNames = functions.map(({ running }) => running);
export const dashboard = watch.dashboardLink;
export const target = pulumi.interpolate`gcp:${settings.project}/${ledger.database}`;
export const nextSteps = nextStepsOf(settings, names, version?.version ?? null);
