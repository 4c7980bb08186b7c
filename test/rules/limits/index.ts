import type { Rule } from "../rule.ts";
import { commonLimits } from "./common.ts";
import { dataLimits } from "./data.ts";
import { functionLimits } from "./functions.ts";
import { messageLimits } from "./messages.ts";
import { watchLimits } from "./watch.ts";

/** What Google refuses and the provider's own check lets pass. */
export const limitRules: readonly Rule[] = [
  ...messageLimits,
  ...functionLimits,
  ...dataLimits,
  ...watchLimits,
  ...commonLimits,
];
