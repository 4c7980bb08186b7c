import { createVertex, type Vertex } from "../client.ts";
import type { Upload } from "../upload.ts";

/** The inputs of a declared model or version: its location, and those of an upload. */
export type DeclaredInputs = Upload & {
  readonly project: string;
  readonly region: string;
  /** The version's alias in addition to Google's number; `v` and the number if absent. */
  readonly alias?: string;
  /** Whether it becomes the model's default version; true if absent. Of several declared ones, the last does. */
  readonly isDefault?: boolean;
};

/** A difference as reported to Pulumi. */
export type DeclaredDiff = {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
};

/** A value that is unknown until another resource is created counts as changed. */
export const differing = <K extends keyof DeclaredInputs>(
  olds: DeclaredInputs,
  news: DeclaredInputs,
  keys: readonly K[],
): K[] => keys.filter((key) => sorted(olds[key]) !== sorted(news[key]));

const sorted = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value ?? null);

/** An empty `baseUrl` means the regional address. */
export const vertexOf = (
  { project, region }: Pick<DeclaredInputs, "project" | "region">,
  baseUrl: string,
): Vertex => createVertex({ project, region, ...(baseUrl === "" ? {} : { baseUrl }) });
