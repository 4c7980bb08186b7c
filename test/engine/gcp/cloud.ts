import type { Props } from "./kind.ts";
import { kindOf } from "./kinds/index.ts";

export type Done = {
  readonly op: "create" | "update" | "delete";
  readonly type: string;
  readonly id: string;
  readonly name: string;
};

export type There = { readonly type: string; props: Props };

/** One project of Google Cloud: what is in it, and what may be done to it. Knows nothing of Pulumi's wire. */
export type Cloud = {
  readonly resources: ReadonlyMap<string, There>;
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
const agentOf = (type: string): boolean => type === "gcp:projects/serviceIdentity:ServiceIdentity";

export function createCloud(): Cloud {
  const resources = new Map<string, There>();
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
    const agent = /\/service-\d+@gcp-sa-pubsub\.iam\.gserviceaccount\.com$/.test(id);
    return agent && [...resources.values()].some(({ type }) => agentOf(type));
  };
  const refuse = (type: string, what: string): Error => {
    const short = type.split(":").at(-1);
    return new Error(`Error creating ${short}: googleapi: ${what}`);
  };
  const checkReferences = (type: string, props: Props) => {
    const kind = kindOf(type);
    const api = kind.api === null ? null : `${String(props.project ?? "")}/${kind.api}`;
    // Buckets' objects and grants name no project; their bucket could not be there without the API.
    if (api !== null && props.project !== undefined && !exists(api))
      throw refuse(
        type,
        `Error 403: ${kind.api} has not been used in project ${props.project} before or it is disabled., accessNotConfigured`,
      );
    for (const needed of kind.refersTo?.(props) ?? [])
      if (!exists(needed))
        throw refuse(type, `Error 404: Resource not found (resource=${needed})., notFound`);
  };

  const cloud: Cloud = {
    resources,
    done,
    beforeCreate: () => null,
    async create(type, name, inputs) {
      const failure = await cloud.beforeCreate(type, name);
      if (failure !== null) throw failure;
      const kind = kindOf(type);
      checkReferences(type, inputs);
      const number = numberFor(type, inputs);
      const id = kind.id(inputs, number);
      if (kind.collides && exists(id))
        throw refuse(
          type,
          `Error 409: Resource already exists in the project (resource=${id})., alreadyExists`,
        );
      const computed = { ...kind.known?.(inputs), ...kind.computed?.(inputs, number) };
      resources.set(id, { type, props: { ...inputs, ...computed } });
      done.push({ op: "create", type, id, name });
      return { id, computed };
    },
    update(type, name, id, inputs) {
      const there = resources.get(id);
      if (there === undefined)
        throw refuse(type, `Error 404: Resource not found (resource=${id})., notFound`);
      checkReferences(type, inputs);
      there.props = { ...computedOf(type, there.props), ...inputs };
      done.push({ op: "update", type, id, name });
      return there.props;
    },
    delete(type, name, id, props) {
      const kind = kindOf(type);
      const there = resources.get(id);
      if (there === undefined) return;
      if (!(kind.abandoned?.(props) ?? false)) {
        const why = kind.keeps?.(there.props, [...resources.keys()]) ?? null;
        if (why !== null) throw new Error(`Error when reading or editing ${type.split(":").at(-1)}: ${why}`);
        resources.delete(id);
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

/** Grants on a thing, and what lies in it, go with it. */
const isWithin = (id: string, other: string): boolean =>
  other.startsWith(`${id}/`) || other.startsWith(`${id} roles/`) || other.startsWith(`object ${id}/`);

function computedOf(type: string, props: Props): Props {
  const kind = kindOf(type);
  const keys = new Set(Object.keys({ ...kind.known?.(props), ...kind.computed?.(props, 0) }));
  return Object.fromEntries(Object.entries(props).filter(([key]) => keys.has(key)));
}
