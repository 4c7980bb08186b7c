import { createFirstMinutes, type FirstMinutes } from "./first-minutes.ts";
import type { Props } from "./kind.ts";
import { kindOf } from "./kinds/index.ts";
import { withoutZeros } from "./zeros.ts";

export type Done = {
  readonly op: "create" | "update" | "delete";
  readonly type: string;
  readonly id: string;
  readonly name: string;
};

export type There = { readonly type: string; props: Props };

/** An operation failed, and what it was about is there all the same, as Google keeps a function whose build failed. */
export class FailedAndKept extends Error {
  readonly id: string;
  readonly computed: Props;
  constructor(why: string, id: string, computed: Props) {
    super(why);
    this.name = "FailedAndKept";
    this.id = id;
    this.computed = computed;
  }
}

/** One project of Google Cloud: what is in it, and what may be done to it. Knows nothing of Pulumi's wire. */
export type Cloud = {
  /** Whether whoever asks has credentials. */
  loggedIn: boolean;
  /** Whether cloudresourcemanager.googleapis.com is on: it cannot be enabled by what needs it. */
  resourceManager: boolean;
  /** Numbers of projects by id; the double knows no number of a project that is not listed. */
  readonly projectNumbers: Map<string, string>;
  /** What Google takes minutes for. */
  readonly minutes: FirstMinutes;
  /** Asked when a function is deployed: what is said is why its build fails. Null: it does not. */
  builds: (name: string) => string | null;
  readonly resources: ReadonlyMap<string, There>;
  /** Full names of what is there beside them: what is made past the provider, over REST, and keeps things from being deleted. */
  alsoThere: () => readonly string[];
  /** What was done, in order. */
  readonly done: Done[];
  /** Asked before each creation: an error is what Google answers, after a promise has been waited for. */
  beforeCreate: (type: string, name: string) => Error | null | Promise<Error | null>;
  create(
    type: string,
    name: string,
    inputs: Props,
  ): Promise<{ readonly id: string; readonly computed: Props }>;
  update(type: string, name: string, id: string, inputs: Props): Props;
  delete(type: string, name: string, id: string, props: Props): void;
  /** Somebody changes or deletes a thing by hand, past Pulumi. */
  tamper(id: string, change: ((props: Props) => Props) | null): void;
};

/** Pub/Sub's own account is there once it was asked for. */
const PUBSUB_AGENT =
  /^projects\/[^/]+\/serviceAccounts\/service-(\d+)@gcp-sa-pubsub\.iam\.gserviceaccount\.com$/;
const FUNCTION = "gcp:cloudfunctionsv2/function:Function";
const RESOURCE_MANAGER = "cloudresourcemanager.googleapis.com";

export function createCloud(): Cloud {
  const resources = new Map<string, There>();
  const projectNumbers = new Map<string, string>();
  const minutes = createFirstMinutes();
  const done: Done[] = [];
  let count = 0;
  const versions = new Map<string, number>();

  const numberFor = (type: string, props: Props): number => {
    if (type !== "gcp:secretmanager/secretVersion:SecretVersion") return ++count + 1000;
    // Secret Manager numbers versions by secret, and never gives a number twice.
    const secret = String(props.secret);
    const next = (versions.get(secret) ?? 0) + 1;
    versions.set(secret, next);
    return next;
  };
  const exists = (id: string): boolean => {
    if (resources.has(id)) return true;
    const [, number] = PUBSUB_AGENT.exec(id) ?? [];
    if (number === undefined) return false;
    const known = [...projectNumbers.values()];
    return (
      (known.length === 0 || known.includes(number)) &&
      [...resources.keys()].some((one) => one.endsWith("/services/pubsub.googleapis.com"))
    );
  };
  const refuse = (type: string, what: string): Error => {
    const short = type.split(":").at(-1);
    return new Error(`Error creating ${short}: googleapi: ${what}`);
  };
  const checkReferences = (type: string, props: Props) => {
    const kind = kindOf(type);
    const api = kind.api === null ? null : `${String(props.project ?? "")}/${kind.api}`;
    // Buckets' objects and grants name no project; their bucket could not be there without the API.
    const isOn = (one: string) => exists(one) && minutes.left("apis", one) === 0;
    if (api !== null && props.project !== undefined && !isOn(api))
      throw refuse(
        type,
        `Error 403: ${kind.api} has not been used in project ${props.project} before or it is disabled. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry., accessNotConfigured`,
      );
    for (const needed of kind.refersTo?.(props) ?? [])
      if (!exists(needed))
        throw refuse(type, `Error 404: Resource not found (resource=${needed})., notFound`);
    const early = kind.early?.(props, minutes) ?? null;
    if (early !== null) throw refuse(type, early);
  };
  const checkManager = (type: string, props: Props) => {
    if (!cloud.resourceManager && /^gcp:projects\/(iAMMember|service):/.test(type))
      throw refuse(type, managerIsOff(String(props.project ?? "")));
  };
  /** Why the deployment of this function ends with a function that is FAILED; null when it ends well. */
  const failureOf = (type: string, props: Props): string | null => {
    if (type !== FUNCTION) return null;
    return cloud.builds(String(props.name)) ?? kindOf(type).unready?.(props, minutes) ?? null;
  };

  const cloud: Cloud = {
    loggedIn: true,
    resourceManager: true,
    projectNumbers,
    minutes,
    builds: () => null,
    alsoThere: () => [],
    resources,
    done,
    beforeCreate: () => null,
    async create(type, name, inputs) {
      const failure = await cloud.beforeCreate(type, name);
      if (failure !== null) throw failure;
      const kind = kindOf(type);
      checkManager(type, inputs);
      checkReferences(type, inputs);
      const number = numberFor(type, inputs);
      const id = kind.id(inputs, number);
      if (kind.collides && exists(id))
        throw refuse(
          type,
          `Error 409: Resource already exists in the project (resource=${id})., alreadyExists`,
        );
      const kept = kind.keptName?.(inputs, minutes) ?? null;
      if (kept !== null) throw refuse(type, kept);
      const why = failureOf(type, inputs);
      const computed = {
        ...kind.known?.(inputs),
        ...kind.computed?.(inputs, number),
        ...(why === null ? {} : { state: "FAILED" }),
      };
      if (!resources.has(id)) minutes.note(id);
      resources.set(id, { type, props: { ...withoutZeros(inputs), ...computed } });
      done.push({ op: "create", type, id, name });
      if (why !== null) throw new FailedAndKept(`Error waiting for Creating function: ${why}`, id, computed);
      return { id, computed };
    },
    update(type, name, id, inputs) {
      const there = resources.get(id);
      if (there === undefined)
        throw refuse(type, `Error 404: Resource not found (resource=${id})., notFound`);
      checkReferences(type, inputs);
      const why = failureOf(type, inputs);
      const computed = {
        ...computedOf(type, there.props),
        ...(type === FUNCTION ? { state: why === null ? "ACTIVE" : "FAILED" } : {}),
      };
      there.props = { ...computed, ...withoutZeros(inputs) };
      done.push({ op: "update", type, id, name });
      if (why !== null) throw new FailedAndKept(`Error waiting for Updating function: ${why}`, id, computed);
      return there.props;
    },
    delete(type, name, id, props) {
      const kind = kindOf(type);
      const there = resources.get(id);
      if (there === undefined) return;
      if (!(kind.abandoned?.(props) ?? false)) {
        const why = kind.keeps?.(there.props, [...resources.keys(), ...cloud.alsoThere()]) ?? null;
        if (why !== null) throw new Error(`Error when reading or editing ${type.split(":").at(-1)}: ${why}`);
        resources.delete(id);
        minutes.note(id);
        // A bucket that is emptied by force, a database, a secret and a function take what is in them along.
        for (const other of [...resources.keys()]) if (isWithin(id, other)) resources.delete(other);
      }
      done.push({ op: "delete", type, id, name });
    },
    tamper(id, change) {
      const there = resources.get(id);
      if (there === undefined) throw new Error(`there is no ${id} to tamper with`);
      if (change === null) resources.delete(id);
      else there.props = change(there.props);
    },
  };
  return cloud;
}

/** Google's words where the API is off that everything about projects goes through. */
export const managerIsOff = (project: string): string =>
  `Error 403: Cloud Resource Manager API has not been used in project ${project} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${RESOURCE_MANAGER}/overview?project=${project} then retry., accessNotConfigured`;

/** Grants on a thing, and what lies in it, go with it. */
const isWithin = (id: string, other: string): boolean =>
  other.startsWith(`${id}/`) || other.startsWith(`${id} roles/`) || other.startsWith(`object ${id}/`);

function computedOf(type: string, props: Props): Props {
  const kind = kindOf(type);
  const keys = new Set(Object.keys({ ...kind.known?.(props), ...kind.computed?.(props, 0) }));
  return Object.fromEntries(Object.entries(props).filter(([key]) => keys.has(key)));
}
