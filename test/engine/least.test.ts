import { lifecycle } from "./support/lifecycle.ts";

lifecycle("least", {
  setting: ["mrdata:window", "10m"],
  changes: [
    "update Function record-function",
    "update Function respond-function",
    "update Function sweep-function",
  ],
});
