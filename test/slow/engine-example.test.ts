import { lifecycle } from "../engine/support/lifecycle.ts";

lifecycle("example", {
  setting: ["mrdata:modelMaxAge", "60d"],
  changes: [
    "update Function learn-function",
    "update Function report-function",
    "update Function respond-function",
    "update Function retrain-function",
    "update Function sweep-function",
  ],
});
