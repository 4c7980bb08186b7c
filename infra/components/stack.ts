import type { Deployed } from "../plan/deployed.ts";
import type { Names } from "../plan/names.ts";
import type { WholeSettings } from "../settings/settings.ts";
import type { Apis } from "./apis.ts";

/** What every component is given: the settings, the names derived from them, and the labels of all resources. */
export type Stack = {
  readonly settings: WholeSettings;
  readonly names: Names;
  /** On every resource that can have labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What there is of the functions at Google before this `up`, by name. */
  readonly deployed: ReadonlyMap<string, Deployed>;
  /** What a component waits for. */
  readonly apis: Apis;
};
