import { lifecycle } from "./support/lifecycle.ts";

// A secret that is rotated is a new version, and those who may read it run with it before the old one goes.
lifecycle("everything", {
  setting: ["mrdata:webhookSecret", "another-webhook-secret"],
  changes: [
    "create SecretVersion webhook-webhook-secret-version",
    "update Function receive-function",
    "delete SecretVersion webhook-webhook-secret-version",
  ],
});
