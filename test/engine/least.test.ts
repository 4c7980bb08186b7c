import { lifecycle } from "./support/lifecycle.ts";

lifecycle("least", {
  setting: ["mrdata:window", "10m"],
  changes: [
    "update Function digest-function",
    "update Function learn-function",
    "update Function record-function",
    "update Function report-function",
    "update Function respond-function",
    "update Function retrain-function",
    "update Function sweep-function",
  ],
});
