import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { madeOnce } from "../../support/made-once.ts";
import { copyProject } from "./project-copy.ts";

const here = createHash("sha256")
  .update(import.meta.dirname)
  .digest("hex")
  .slice(0, 8);

/**
 * A folder with what a copy of the project has in infra/dist/functions once it has bundled. The first copy bundles, and the
 * others, of the same sources, need not. The project's own archives would not do: esbuild orders what it renames by paths, and
 * from a copy other paths lead to the installed packages, so that some bytes are others.
 */
export const archivesOfCopies = (): Promise<string> =>
  madeOnce(`archives-of-copies-${here}`, [import.meta.filename], async (half) => {
    const copy = copyProject();
    try {
      const program = `import { archives } from ${JSON.stringify(join(copy.folder, "infra/kept-archives.ts"))}; await archives();`;
      const args = ["--input-type=module", "--eval", program];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: copy.folder, encoding: "utf8" });
      if (status !== 0) throw new Error(`a copy of the project could not be bundled: ${stderr}`);
      cpSync(join(copy.folder, "infra/dist/functions"), half, { recursive: true });
    } finally {
      copy.remove();
    }
  });
