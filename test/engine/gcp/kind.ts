import type { FirstMinutes } from "./first-minutes.ts";

/** Inputs and outputs of a resource, without secrets' wrappings. */
export type Props = Readonly<Record<string, unknown>>;

/** What Google's and the provider's rules are for one type of resource. */
export type Kind = {
  /** Which API it needs: it must be enabled in the project. */
  readonly api: string | null;
  /** Its full name at Google's, which is its id; for what Google numbers itself, the number is given. */
  readonly id: (props: Props, number: number) => string;
  /** Outputs beside the inputs that the provider knows before it exists. */
  readonly known?: (props: Props) => Props;
  /** Outputs that only exist with it. */
  readonly computed?: (props: Props, number: number) => Props;
  /** Paths of inputs that cannot be changed: another value is another resource. `*` is all of them. */
  readonly immutable: readonly string[];
  /** Given its `name`, the provider deletes it before it makes another (the bridge's rule for names that it could make up). */
  readonly deletedFirst?: boolean;
  /** A second one of the same name is refused; without it, making it again is making it once (grants, enabled APIs). */
  readonly collides: boolean;
  /** Full names of what must be there when it is made or changed. */
  readonly refersTo?: (props: Props) => readonly string[];
  /** What it refers to is there, and Google does not know it everywhere yet: why it is refused, in Google's words. */
  readonly early?: (props: Props, minutes: FirstMinutes) => string | null;
  /** The same, of what is then there and has failed. */
  readonly unready?: (props: Props, minutes: FirstMinutes) => string | null;
  /** The name was somebody's until a moment ago: why it cannot be taken yet, in Google's words. */
  readonly keptName?: (props: Props, minutes: FirstMinutes) => string | null;
  /** Why it cannot be deleted, in Google's words; null if it can. `others` are the full names of all there is. */
  readonly keeps?: (props: Props, others: readonly string[]) => string | null;
  /** Left in the cloud when it is deleted from the stack. */
  readonly abandoned?: (props: Props) => boolean;
};

export const text = (props: Props, key: string): string => {
  const value = props[key];
  return typeof value === "string" ? value : value === undefined ? "" : String(value);
};

/** The value under a path like `pushConfig.oidcToken.audience`; of a list its first. */
export function at(props: unknown, path: string): unknown {
  let value: unknown = props;
  for (const key of path.split(".")) {
    if (Array.isArray(value)) value = value[0];
    if (typeof value !== "object" || value === null) return undefined;
    value = new Map(Object.entries(value)).get(key);
  }
  return value;
}

export const textAt = (props: unknown, path: string): string => {
  const value = at(props, path);
  return typeof value === "string" ? value : "";
};

/** The full name of an account: its project is in its address. */
export const accountId = (email: string): string => {
  const [, project = ""] = /@([^.]+)\./.exec(email) ?? [];
  return `projects/${project}/serviceAccounts/${email}`;
};

/** A member of a grant, if it is an account of some project: `serviceAccount:…` is there when the account is. */
export const memberOf = (props: Props): readonly string[] => {
  const email = /^serviceAccount:(.+)$/.exec(text(props, "member"))?.[1];
  return email === undefined ? [] : [accountId(email)];
};

export const grantId = (on: string, props: Props): string =>
  [on, text(props, "role"), text(props, "member"), textAt(props, "condition.title")]
    .filter(Boolean)
    .join(" ");
