// npm run engine: builds the Pulumi CLI from its Go module, once, unless one that fits is there already.
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { builtEngine, ENGINE_VERSION, findEngine } from "./find-engine.ts";

const found = findEngine();
if (found.available) {
  process.stdout.write(`${found.binary}\n`);
  process.exit(0);
}
process.stderr.write(
  `mrdata: building the Pulumi CLI ${ENGINE_VERSION} from its Go module (once, three to five minutes on two cores) ...\n`,
);
mkdirSync(dirname(builtEngine), { recursive: true });
const half = `${builtEngine}.new`;
const done = spawnSync(
  "go",
  [
    "build",
    "-trimpath",
    "-tags=osusergo,grpcnotrace",
    "-ldflags",
    `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`,
    "-o",
    half,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ],
  {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CGO_ENABLED: "0" },
  },
);
if (done.status !== 0) {
  const why = done.error === undefined ? `go build ended with ${done.status}` : "there is no 'go'";
  process.stderr.write(
    `mrdata: no engine: ${why}. Install Go 1.26 or newer (https://go.dev/dl), or Pulumi ${ENGINE_VERSION} or newer (https://www.pulumi.com/docs/install), and try again.\n`,
  );
  process.exit(1);
}
renameSync(half, builtEngine);
process.stdout.write(`${builtEngine}\n`);
