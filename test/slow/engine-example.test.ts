import { lifecycle } from "../engine/support/lifecycle.ts";

lifecycle("example", {
  setting: ["mrdata:alertEmail", "night-watch@example.com"],
  changes: ["update NotificationChannel watch-email"],
});
