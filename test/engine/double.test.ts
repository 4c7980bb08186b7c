import { describe, expect, test } from "vitest";
import { type Cloud, createCloud, FailedAndKept } from "./gcp/cloud.ts";
import { NO_DELAY } from "./gcp/first-minutes.ts";
import type { Props } from "./gcp/kind.ts";
import { changedKeys, plainProps, UNKNOWN } from "./gcp/wire.ts";
import { withoutZeros } from "./gcp/zeros.ts";
import { fits } from "./harness/find-engine.ts";

const TOPIC = "gcp:pubsub/topic:Topic";
const SUBSCRIPTION = "gcp:pubsub/subscription:Subscription";
const SERVICE = "gcp:projects/service:Service";
const ACCOUNT = "gcp:serviceaccount/account:Account";
const DATABASE = "gcp:firestore/database:Database";
const BUCKET = "gcp:storage/bucket:Bucket";
const OBJECT = "gcp:storage/bucketObject:BucketObject";
const SECRET = "gcp:secretmanager/secret:Secret";
const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const project = "p";

async function cloudWith(...apis: readonly string[]): Promise<Cloud> {
  const cloud = createCloud();
  for (const api of apis)
    await cloud.create(SERVICE, api, { project, service: `${api}.googleapis.com`, disableOnDestroy: false });
  return cloud;
}
const make = (cloud: Cloud, type: string, props: Props) => cloud.create(type, "any", { project, ...props });

describe("the double of Google Cloud", () => {
  test("refuses what an API is not enabled for, and what refers to something that is not there", async () => {
    const cloud = await cloudWith();
    await expect(make(cloud, TOPIC, { name: "t" })).rejects.toThrow(
      "403: pubsub.googleapis.com has not been used",
    );
    await make(cloud, SERVICE, { service: "pubsub.googleapis.com" });
    await expect(make(cloud, SUBSCRIPTION, { name: "s", topic: "t" })).rejects.toThrow(
      "404: Resource not found (resource=projects/p/topics/t)",
    );
    await make(cloud, TOPIC, { name: "t" });
    const dead = { deadLetterPolicy: { deadLetterTopic: "projects/p/topics/dead" } };
    await expect(make(cloud, SUBSCRIPTION, { name: "s", topic: "t", ...dead })).rejects.toThrow(
      "topics/dead",
    );
    const push = { pushConfig: { oidcToken: { serviceAccountEmail: "nobody@p.iam.gserviceaccount.com" } } };
    await expect(make(cloud, SUBSCRIPTION, { name: "s", topic: "t", ...push })).rejects.toThrow(
      "serviceAccounts/nobody",
    );
    await make(cloud, SUBSCRIPTION, { name: "s", topic: "t" });
  });

  test("fixed names collide, grants and APIs do not", async () => {
    const cloud = await cloudWith("pubsub", "iam");
    await make(cloud, TOPIC, { name: "t" });
    await expect(make(cloud, TOPIC, { name: "t" })).rejects.toThrow("409: Resource already exists");
    await make(cloud, ACCOUNT, { accountId: "robin" });
    const grant = {
      topic: "t",
      role: "roles/pubsub.publisher",
      member: "serviceAccount:robin@p.iam.gserviceaccount.com",
    };
    for (let i = 0; i < 2; i++) await make(cloud, "gcp:pubsub/topicIAMMember:TopicIAMMember", grant);
    await expect(
      make(cloud, "gcp:pubsub/topicIAMMember:TopicIAMMember", { ...grant, member: "serviceAccount:gone@x" }),
    ).rejects.toThrow("serviceAccounts/gone@x");
  });

  test("a protected database and a full bucket refuse to go; by force the bucket takes its objects along", async () => {
    const cloud = await cloudWith("firestore", "storage");
    const kept = {
      name: "ledger",
      deletionPolicy: "DELETE",
      deleteProtectionState: "DELETE_PROTECTION_ENABLED",
    };
    const { id } = await make(cloud, DATABASE, kept);
    expect(() => cloud.delete(DATABASE, "any", id, { project, ...kept })).toThrow(
      "delete protection enabled",
    );
    const free = { project, ...kept, deleteProtectionState: "DELETE_PROTECTION_DISABLED" };
    cloud.update(DATABASE, "any", id, free);
    cloud.delete(DATABASE, "any", id, free);
    expect(cloud.resources.has(id)).toBe(false);

    const bucket = await make(cloud, BUCKET, { name: "b" });
    await cloud.create(OBJECT, "any", { bucket: "b", name: "o" });
    expect(() => cloud.delete(BUCKET, "any", bucket.id, { name: "b" })).toThrow("409: The bucket");
    cloud.update(BUCKET, "any", bucket.id, { project, name: "b", forceDestroy: true });
    cloud.delete(BUCKET, "any", bucket.id, { name: "b", forceDestroy: true });
    expect([...cloud.resources.keys()].some((one) => one.includes("b/o"))).toBe(false);
  });

  test("a database that Google would abandon stays, and is in the way of the next one", async () => {
    const cloud = await cloudWith("firestore");
    const { id } = await make(cloud, DATABASE, { name: "ledger" });
    cloud.delete(DATABASE, "any", id, { project, name: "ledger" });
    await expect(make(cloud, DATABASE, { name: "ledger" })).rejects.toThrow("409");
  });

  test("versions of a secret are numbered one after the other, and never twice", async () => {
    const cloud = await cloudWith("secretmanager");
    const { id: secret } = await make(cloud, SECRET, { secretId: "token" });
    const first = await cloud.create(VERSION, "any", { secret, secretData: "a" });
    cloud.delete(VERSION, "any", first.id, { secret });
    const second = await cloud.create(VERSION, "any", { secret, secretData: "b" });
    expect([first.computed.version, second.computed.version]).toEqual(["1", "2"]);
  });

  test("does not let pass a type that it was not taught", async () => {
    const cloud = await cloudWith();
    await expect(make(cloud, "gcp:redis/instance:Instance", {})).rejects.toThrow("teach it its rules");
  });
});

describe("the first minutes of a project", () => {
  const FUNCTION = "gcp:cloudfunctionsv2/function:Function";
  const WRITER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
  const LOGS = "gcp:projects/iAMMember:IAMMember";
  const builder = "serviceAccount:build@p.iam.gserviceaccount.com";
  const declared = {
    name: "f",
    location: "r",
    buildConfig: {
      serviceAccount: "projects/p/serviceAccounts/build@p.iam.gserviceaccount.com",
      dockerRepository: "projects/p/locations/r/repositories/images",
      source: { storageSource: { bucket: "b", object: "o.zip" } },
    },
    serviceConfig: { serviceAccountEmail: "run@p.iam.gserviceaccount.com", minInstanceCount: 0 },
  };

  /** A project in which a function may be made. */
  async function readyForFunctions(): Promise<Cloud> {
    const cloud = await cloudWith("cloudfunctions", "storage", "iam", "artifactregistry");
    await make(cloud, BUCKET, { name: "b" });
    await cloud.create(OBJECT, "any", { bucket: "b", name: "o.zip" });
    for (const accountId of ["build", "run"]) await make(cloud, ACCOUNT, { accountId });
    await make(cloud, "gcp:artifactregistry/repository:Repository", {
      location: "r",
      repositoryId: "images",
    });
    const writer = { location: "r", repository: "images", role: "roles/artifactregistry.writer" };
    await make(cloud, WRITER, { ...writer, member: builder });
    await make(cloud, LOGS, { role: "roles/logging.logWriter", member: builder });
    return cloud;
  }
  const stateOf = (cloud: Cloud) =>
    [...cloud.resources.values()].find(({ type }) => type === FUNCTION)?.props.state;

  test("a function whose build fails is there, with its id, and FAILED; deployed again it runs", async () => {
    const cloud = await readyForFunctions();
    cloud.builds = () => "Build failed";
    const failed = make(cloud, FUNCTION, declared);
    await expect(failed).rejects.toBeInstanceOf(FailedAndKept);
    await expect(failed).rejects.toMatchObject({ id: "projects/p/locations/r/functions/f" });
    expect(stateOf(cloud)).toBe("FAILED");
    await expect(make(cloud, FUNCTION, declared)).rejects.toThrow("409");
    cloud.builds = () => null;
    cloud.update(FUNCTION, "any", "projects/p/locations/r/functions/f", { project, ...declared });
    expect(stateOf(cloud)).toBe("ACTIVE");
    cloud.builds = () => "Build failed";
    expect(() =>
      cloud.update(FUNCTION, "any", "projects/p/locations/r/functions/f", { project, ...declared }),
    ).toThrow(FailedAndKept);
    expect(stateOf(cloud)).toBe("FAILED");
  });

  test("a build that comes before its grants are known fails; minutes later it does not", async () => {
    const cloud = await readyForFunctions();
    cloud.minutes.delays = { ...NO_DELAY, grants: 100_000 };
    await expect(make(cloud, FUNCTION, declared)).rejects.toThrow("missing permission");
    cloud.minutes.pass(100_000);
    await make(cloud, FUNCTION, { ...declared, name: "g" });
  });

  test("an alert policy on a metric that is not known yet is refused, and changes nothing", async () => {
    const cloud = await cloudWith("monitoring", "logging");
    cloud.minutes.delays = { ...NO_DELAY, metrics: 100_000 };
    await make(cloud, "gcp:logging/metric:Metric", { name: "mrdata/pages" });
    const policy = { conditions: [{ filter: 'metric.type="logging.googleapis.com/user/mrdata/pages"' }] };
    const POLICY = "gcp:monitoring/alertPolicy:AlertPolicy";
    await expect(make(cloud, POLICY, policy)).rejects.toThrow(
      'Error 404: Cannot find metric(s) that match type = "logging.googleapis.com/user/mrdata/pages"',
    );
    cloud.minutes.pass(100_000);
    await make(cloud, POLICY, policy);
  });

  test("an API that was enabled a moment ago does not answer yet", async () => {
    const cloud = await cloudWith();
    cloud.minutes.delays = { ...NO_DELAY, apis: 5 };
    await make(cloud, SERVICE, { service: "pubsub.googleapis.com" });
    await expect(make(cloud, TOPIC, { name: "t" })).rejects.toThrow("If you enabled this API recently, wait");
    cloud.minutes.pass(5);
    await make(cloud, TOPIC, { name: "t" });
  });

  test("the name of a deleted database is kept for a while", async () => {
    const cloud = await cloudWith("firestore");
    cloud.minutes.delays = { ...NO_DELAY, names: 5 };
    const database = { name: "ledger", deletionPolicy: "DELETE" };
    const { id } = await make(cloud, DATABASE, database);
    cloud.delete(DATABASE, "any", id, { project, ...database });
    await expect(make(cloud, DATABASE, database)).rejects.toThrow(
      /Database ID 'ledger' is not available in project 'p'\. Please retry in \d+ seconds/,
    );
    cloud.minutes.pass(5);
    await make(cloud, DATABASE, database);
  });

  test("Pub/Sub's own account is that of the project's number, and of no other", async () => {
    const cloud = await cloudWith("pubsub");
    cloud.projectNumbers.set("p", "111111111111");
    await make(cloud, TOPIC, { name: "t" });
    await make(cloud, "gcp:projects/serviceIdentity:ServiceIdentity", { service: "pubsub.googleapis.com" });
    const grant = (number: string) => ({
      topic: "t",
      role: "roles/pubsub.publisher",
      member: `serviceAccount:service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com`,
    });
    const MEMBER = "gcp:pubsub/topicIAMMember:TopicIAMMember";
    await expect(make(cloud, MEMBER, grant("222222222222"))).rejects.toThrow("404");
    await make(cloud, MEMBER, grant("111111111111"));
  });

  test("without the API of projects nothing of projects can be changed, not even that", async () => {
    const cloud = createCloud();
    cloud.resourceManager = false;
    await expect(make(cloud, SERVICE, { service: "pubsub.googleapis.com" })).rejects.toThrow(
      "Cloud Resource Manager API has not been used in project p",
    );
  });

  test("zeros are not sent, and what is kept has Google's default in their place", async () => {
    expect(
      withoutZeros({ a: 0, b: false, c: "", d: { e: 0, f: 1 }, g: [{ h: 0, i: [] }], j: {}, k: null }),
    ).toEqual({ d: { f: 1 }, g: [{ i: [] }], j: {}, k: null });
    const cloud = await readyForFunctions();
    const { id } = await make(cloud, FUNCTION, declared);
    expect(cloud.resources.get(id)?.props.serviceConfig).toEqual({
      serviceAccountEmail: "run@p.iam.gserviceaccount.com",
    });
  });
});

test("what differs is told by top-level inputs, through secrets, and what is unknown counts as different", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "a" };
  expect(changedKeys(plainProps({ a: 1, s: secret }), plainProps({ a: 1, s: "a", __defaults: [] }))).toEqual(
    [],
  );
  expect(changedKeys({ a: 1, b: { c: [1] } }, { a: 2, b: { c: [2] } })).toEqual(["a", "b"]);
  expect(changedKeys({ a: UNKNOWN }, { a: UNKNOWN })).toEqual(["a"]);
});

test("an engine fits that is of the same major version and no older", () => {
  const fitting = ["v3.259.0", "3.259.3\n", "v3.300.0"];
  const others = ["v3.258.9", "v4.0.0", "v2.900.0", "", "unknown"];
  expect([...fitting, ...others].filter(fits)).toEqual(fitting);
});
