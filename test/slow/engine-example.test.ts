import { lifecycle } from "../engine/support/lifecycle.ts";

lifecycle("example", {
  setting: ["mrdata:retrain", "off"],
  changes: ["update Function sweep-function", "update Job retrain-schedule-job"],
});
