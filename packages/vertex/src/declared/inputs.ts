import { createVertex, type Vertex } from "../client.ts";
import type { Upload } from "../upload.ts";

/** What a declared model or version is made of: where, and what an upload takes. */
export type DeclaredInputs = Upload & {
  readonly project: string;
  readonly region: string;
  /** What the version is called beside Google's number; `v` and the number where it is left out. */
  readonly alias?: string;
  /** Whether it becomes the model's default version: true where it is left out. Of several declared, the last one. */
  readonly isDefault?: boolean;
};

/** What Pulumi is told of a difference. */
export type DeclaredDiff = {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
};

/** A value that is not known before something else is made is taken as changed. */
export const differing = <K extends keyof DeclaredInputs>(
  olds: DeclaredInputs,
  news: DeclaredInputs,
  keys: readonly K[],
): K[] => keys.filter((key) => sorted(olds[key]) !== sorted(news[key]));

const sorted = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value ?? null);

/** `baseUrl` is empty where the region's own address is meant. */
export const vertexOf = (
  { project, region }: Pick<DeclaredInputs, "project" | "region">,
  baseUrl: string,
): Vertex => createVertex({ project, region, ...(baseUrl === "" ? {} : { baseUrl }) });
