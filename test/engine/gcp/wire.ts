import { isDeepStrictEqual } from "node:util";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Props } from "./kind.ts";

type Struct = InstanceType<typeof struct.Struct>;

/** Pulumi's marks in its wire format (sdk/nodejs/runtime/rpc.ts). */
const KIND = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const propsOf = (message: Struct | undefined): Props => message?.toJavaScript() ?? {};

export function structOf(props: Props): Struct {
  // What JSON cannot say has no place on the wire either.
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(props)));
}

/** Without the wrappings of secrets, and of archives and files only their hash, and text where it is some: as the cloud sees it. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map(Object.entries(value));
  if (fields.get(KIND) === SECRET) return plain(fields.get("value"));
  if (fields.has(KIND)) {
    const text = fields.get("text");
    return { hash: fields.get("hash"), ...(typeof text === "string" && text !== "" ? { text } : {}) };
  }
  return Object.fromEntries(
    [...fields].filter(([key]) => key !== "__defaults").map(([key, inner]) => [key, plain(inner)]),
  );
}

export function plainProps(props: Props): Props {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([key]) => key !== "__defaults")
      .map(([key, value]) => [key, plain(value)]),
  );
}

/** Whether two plain values are the same. Pulumi keeps an asset's hash and not its text, so that the hash alone tells. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(hashed(one)), JSON.parse(hashed(other)));
}

const hashed = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && "hash" in inner ? { hash: inner.hash } : inner,
  );

/** Top-level inputs that differ. An unknown value counts as different, as the bridge has it. */
export function changedKeys(olds: Props, news: Props): readonly string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => !isSame(olds[key], news[key]) || hasUnknown(news[key]));
}

const hasUnknown = (value: unknown): boolean =>
  value === UNKNOWN || (typeof value === "object" && value !== null && Object.values(value).some(hasUnknown));
