import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repairedState } from "../../scripts/repair-state/repaired-state.ts";

const project = "p";
const urn = (name: string) => `urn:pulumi:dev::mrdata::any::${name}`;
const pending = (type: string, name: string, inputs: object, operation = "creating") => ({
  type: operation,
  resource: { urn: urn(name), type, custom: true, inputs: { project, ...inputs }, parent: urn("stack") },
});
const TOPIC = "gcp:pubsub/topic:Topic";
const exported = (...operations: readonly object[]) => ({
  version: 3,
  deployment: {
    manifest: { magic: "kept" },
    resources: [{ urn: urn("stack"), type: "pulumi:pulumi:Stack" }],
    pending_operations: operations,
  },
});

test("what has a name is taken to be there under its provider's id; what is made again once is not; what Google numbers is told", () => {
  const { state, assumed, unsure } = repairedState(
    exported(
      pending(TOPIC, "topic", { name: "t" }),
      pending("gcp:storage/bucket:Bucket", "bucket", { name: "b" }),
      pending("gcp:serviceaccount/account:Account", "account", { accountId: "robin" }),
      pending("gcp:cloudrun/iamMember:IamMember", "grant", { service: "s" }),
      pending("gcp:pubsub/topicIAMMember:TopicIAMMember", "other-grant", { topic: "t" }),
      pending("pulumi-nodejs:dynamic/mrdata:VertexModel", "model", {}),
      pending("gcp:monitoring/dashboard:Dashboard", "dashboard", {}),
      pending(TOPIC, "changed", { name: "c" }, "updating"),
      pending(TOPIC, "stack", { name: "known already" }),
    ),
  );
  expect(assumed).toEqual(["topic", "bucket", "account"]);
  expect(unsure).toEqual(["gcp:monitoring/dashboard:Dashboard dashboard"]);
  expect(state).toEqual({
    version: 3,
    deployment: {
      manifest: { magic: "kept" },
      resources: [
        { urn: urn("stack"), type: "pulumi:pulumi:Stack" },
        expect.objectContaining({
          urn: urn("topic"),
          id: "projects/p/topics/t",
          parent: urn("stack"),
          inputs: { project, name: "t" },
          outputs: { project, name: "t" },
        }),
        expect.objectContaining({ urn: urn("bucket"), id: "b" }),
        expect.objectContaining({
          id: "projects/p/serviceAccounts/robin@p.iam.gserviceaccount.com",
        }),
      ],
    },
  });
});

test("a state in which nothing is pending stays as it is", () => {
  const { pending_operations: _, ...deployment } = exported().deployment;
  const state = { version: 3, deployment };
  expect(repairedState(state)).toEqual({ state, assumed: [], unsure: [], failed: [] });
});

test("a function that failed is marked as failed, whatever a refresh has made of it; one that runs is left alone", () => {
  const deployed = (name: string, state: string, more: object = {}) => ({
    urn: urn(name),
    type: "gcp:cloudfunctionsv2/function:Function",
    outputs: { state },
    ...more,
  });
  const known = deployed("receive", "FAILED", { initErrors: ["the build failed"] });
  const resources = [deployed("sweep", "ACTIVE"), deployed("record", "FAILED"), known];
  const { state, failed } = repairedState({ version: 3, deployment: { resources } });
  expect(failed).toEqual(["record"]);
  expect(state).toEqual({
    version: 3,
    deployment: {
      resources: [
        deployed("sweep", "ACTIVE"),
        deployed("record", "FAILED", { initErrors: ["its state at Google is FAILED"] }),
        known,
      ],
    },
  });
});

test("of what was deleted to be made again the new one takes the old one's place; what has a second one beside it is told", () => {
  const there = (type: string, name: string, more: object = {}) => ({
    urn: urn(name),
    type,
    id: `old ${name}`,
    ...more,
  });
  const FUNCTION = "gcp:cloudfunctionsv2/function:Function";
  const resources = [
    there(FUNCTION, "receive", { pendingReplacement: true, outputs: { state: "FAILED" } }),
    there(TOPIC, "replaced-later", { pendingReplacement: true }),
    there("gcp:secretmanager/secretVersion:SecretVersion", "token"),
    there(TOPIC, "topic"),
  ];
  const place = { name: "r", location: "europe-west1" };
  const { state, assumed, unsure, failed } = repairedState({
    version: 3,
    deployment: {
      resources,
      pending_operations: [
        pending(FUNCTION, "receive", place),
        pending("gcp:secretmanager/secretVersion:SecretVersion", "token", {}),
        pending("gcp:storage/bucketObject:BucketObject", "archive", {}),
      ],
    },
  });
  expect([assumed, failed]).toEqual([["receive"], []]);
  expect(unsure).toEqual(["gcp:secretmanager/secretVersion:SecretVersion token"]);
  const inputs = { project, ...place };
  expect(state).toEqual({
    version: 3,
    deployment: {
      resources: [
        {
          ...pending(FUNCTION, "receive", place).resource,
          id: "projects/p/locations/europe-west1/functions/r",
          outputs: inputs,
        },
        ...resources.slice(1),
      ],
    },
  });
});

test("the command says what it assumes, and a sentence to whoever gives it something else", () => {
  const repair = (input: string) =>
    spawnSync(process.execPath, [join(import.meta.dirname, "../../scripts/repair-state.ts")], {
      input,
      encoding: "utf8",
    });
  const done = repair(JSON.stringify(exported(pending(TOPIC, "topic", { name: "t" }))));
  expect(done.stderr).toBe("mrdata: 'pulumi refresh' looks whether these are there: topic\n");
  expect(JSON.parse(done.stdout).deployment.resources).toHaveLength(2);
  const refused = repair("no state");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain(
    "pulumi stack export | npm run --silent repair-state | pulumi stack import",
  );
});
