import type { Callers } from "./callers.ts";
import type { FunctionDeployment } from "./function-deployment.ts";
import type { Notify } from "./notify.ts";
import { PushSubscription } from "./push-subscription.ts";
import { Schedule } from "./schedule.ts";
import type { Stack } from "./stack.ts";

export type TriggerArgs = {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  readonly notify: Notify;
  readonly callers: Callers;
};

/** Declares what calls a function: its push subscription or its schedule. A webhook, and people, come from outside. */
export function declareTrigger(
  to: FunctionDeployment,
  { stack, notify, callers }: TriggerArgs,
): readonly (PushSubscription | Schedule)[] {
  const { name, trigger, size, ackDeadlineSeconds } = to.manifest;
  switch (trigger.kind) {
    case "webhook":
    case "people":
      return [];
    case "push":
      return [
        new PushSubscription(trigger.subscription, {
          stack,
          notify,
          topic: trigger.topic,
          to,
          pusher: callers.pusher,
          ...(ackDeadlineSeconds !== undefined && { ackDeadlineSeconds }),
        }),
      ];
    case "schedule":
      if (name === "digest" && stack.settings.digestWebhook === null) return [];
      if (callers.scheduler === null) throw new Error(`nobody is declared who calls ${name} by schedule`);
      return [
        new Schedule(`${name}-schedule`, {
          stack,
          cron: trigger.cron,
          to,
          caller: callers.scheduler,
          timeoutSeconds: size.timeoutSeconds,
        }),
      ];
  }
}
