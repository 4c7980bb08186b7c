import { at, each, type Rule, set, textAt } from "../rule.ts";
import { within } from "./quantities.ts";

const reserved =
  /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|FUNCTION_TARGET|FUNCTION_SIGNATURE_TYPE|X_GOOGLE_.*|GOOGLE_.*|CLOUD_RUN_.*)$/;

/** What Cloud Functions refuses and the provider's own check lets pass. */
export const functionLimits: readonly Rule[] = [
  each(
    "a function's name is also that of a Cloud Run service and the start of its address",
    ["Function"],
    (inputs) => {
      const name = textAt(inputs, "name");
      // The first label of the address is name, hyphen, project number, and has 63 characters at most.
      return /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 63 - 20 ? null : `'${name}'`;
    },
    [set("Function", "name", "Fn_Name"), set("Function", "name", "a".repeat(50))],
    "https://cloud.google.com/run/docs/triggering/https-request#deterministic",
  ),
  each(
    "several requests at a time take a whole CPU",
    ["Function"],
    (inputs) => {
      const [cpu, together] = [
        Number(at(inputs, "serviceConfig.availableCpu")),
        Number(at(inputs, "serviceConfig.maxInstanceRequestConcurrency")),
      ];
      return within(together, 1, 1000) && (together === 1 || cpu >= 1) ? null : `${together} on ${cpu}`;
    },
    [
      set("Function", "serviceConfig.availableCpu", "0.5"),
      set("Function", "serviceConfig.maxInstanceRequestConcurrency", 1001),
    ],
    "https://cloud.google.com/run/docs/about-concurrency",
  ),
  each(
    "memory is written in Mi or Gi",
    ["Function"],
    (inputs) =>
      /^\d+(Mi|Gi)$/.test(textAt(inputs, "serviceConfig.availableMemory"))
        ? null
        : textAt(inputs, "serviceConfig.availableMemory"),
    [set("Function", "serviceConfig.availableMemory", "256MB")],
    "https://cloud.google.com/functions/docs/configuring/memory",
  ),
  each(
    "a function takes an hour at most",
    ["Function"],
    (inputs) =>
      within(Number(at(inputs, "serviceConfig.timeoutSeconds")), 1, 3600)
        ? null
        : textAt(inputs, "serviceConfig.timeoutSeconds"),
    [set("Function", "serviceConfig.timeoutSeconds", 7200)],
    "https://cloud.google.com/functions/docs/configuring/timeout",
  ),
  each(
    "functions run on a Node that Google has and keeps",
    ["Function"],
    (inputs) =>
      /^nodejs(22|24)$/.test(textAt(inputs, "buildConfig.runtime"))
        ? null
        : textAt(inputs, "buildConfig.runtime"),
    [set("Function", "buildConfig.runtime", "nodejs20"), set("Function", "buildConfig.runtime", "node24")],
    "https://cloud.google.com/functions/docs/runtime-support#node.js",
  ),
  each(
    "no environment variable is one of the platform's own",
    ["Function"],
    (inputs) => {
      const taken = Object.keys(Object(at(inputs, "serviceConfig.environmentVariables"))).filter((key) =>
        reserved.test(key),
      );
      return taken.length === 0 ? null : taken.join(", ");
    },
    ["PORT", "K_SERVICE", "GOOGLE_CLOUD_PROJECT"].map((key) =>
      set("Function", `serviceConfig.environmentVariables.${key}`, "1"),
    ),
    "https://cloud.google.com/functions/docs/configuring/env-var#reserved_names",
  ),
];
