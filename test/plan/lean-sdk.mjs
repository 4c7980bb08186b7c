import { loadLater } from "../../infra/load-later.mjs";

// Plain JavaScript, as load-later.mjs is. Before anything imports Pulumi's SDK, as infra/start.mjs does: half of what it loads is used by no test.
loadLater("@pulumi/pulumi", ["@npmcli/arborist", "typescript"]);
