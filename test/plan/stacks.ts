import { someVersionFolder } from "../support/trained-version.ts";

const modelFolder = await writeModel();

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
    "mrdata:labels": "",
    "mrdata:alertEmail": "",
  },
  everything: {
    "mrdata:historyImport": "on",
    "mrdata:hosting": "endpoint",
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
    "mrdata:reportMembers": "group:sre@example.com,user:robin@example.com",
    "mrdata:timeZone": "Europe/Berlin",
    "mrdata:playbooks": "https://github.com/acme/mrdata/blob/main/docs/playbooks/",
    "mrdata:digestWebhook": "https://hooks.example.com/services/planted-digest-webhook",
    "mrdata:oldProject": "true",
    "mrdata:kmsKey": "projects/everything-project/locations/europe-west1/keyRings/mrdata/cryptoKeys/data",
    "mrdata:minInstances": "1",
    "mrdata:maxInstances": "4",
    "mrdata:modelFolder": modelFolder,
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
  stacks.everything["mrdata:digestWebhook"],
  // What PagerDuty's stand-in makes.
  "made-by-pagerduty",
  // What the program makes itself.
  "made-for-the-probe",
];

/** The folder of a model version that was trained on a made-up past: the same bytes every time. */
export function writeModel(): Promise<string> {
  return someVersionFolder(Date.UTC(2026, 0, 1));
}
