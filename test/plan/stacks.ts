/** The configuration of the stacks whose plan is kept: the least that works, the example, and everything on. */
export const stacks = {
  least: {
    "gcp:project": "least-project",
    "mrdata:projectNumber": "111111111111",
  },
  example: {
    "gcp:project": "my-project-id",
    "mrdata:projectNumber": "123456789012",
    "mrdata:region": "us-central1",
    "mrdata:window": "5m",
    "mrdata:labels": "team=sre",
    "mrdata:alertEmail": "sre@example.com",
  },
  everything: {
    "gcp:project": "everything-project",
    "mrdata:projectNumber": "999999999999",
    "mrdata:region": "europe-west1",
    "mrdata:labels": "team=sre,cost-centre=42",
    "mrdata:suffix": "two",
    "mrdata:window": "5m",
    "mrdata:retention": "500d",
    "mrdata:alertEmail": "sre@example.com",
    "mrdata:alertPagerDutyKey": "planted0alert0key0000000000000000".slice(0, 32),
    "mrdata:pagerDutyToken": "planted-pagerduty-token",
    "mrdata:webhookSecret": "planted-webhook-secret",
    "mrdata:webhookScope": "team:PTEAM01",
    "mrdata:botUser": "PBOT001",
    "mrdata:botEmail": "mrdata@example.com",
    "mrdata:automationUsers": "PAUTO01,PAUTO02",
    "mrdata:fallbackPolicy": "PFALL01",
    "mrdata:modelMaxAge": "60d",
    "mrdata:protect": "false",
    "mrdata:minInstances": "1",
    "mrdata:maxInstances": "4",
    "mrdata:vertexBaseUrl": "http://127.0.0.1:9",
    "mrdata:pagerDutyBaseUrl": "http://127.0.0.1:9",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type StackName = keyof typeof stacks;
export const stackNames: readonly StackName[] = ["least", "example", "everything"];

/** The settings of these stacks that are secrets: nowhere in a plan may one be read. */
export const plantedSecrets: readonly string[] = [
  stacks.everything["mrdata:alertPagerDutyKey"],
  stacks.everything["mrdata:pagerDutyToken"],
  stacks.everything["mrdata:webhookSecret"],
];
