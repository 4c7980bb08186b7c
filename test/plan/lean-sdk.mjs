import { lazyRequire } from "../../infra/lazy-require.mjs";

// Plain JavaScript, as lazy-require.mjs is. Before anything imports Pulumi's SDK, as infra/start.mjs does: half of what it loads is used by no test.
lazyRequire("@pulumi/pulumi", ["@npmcli/arborist", "typescript"]);
