import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "../../..");

export type ProjectCopy = {
  readonly folder: string;
  /** Writes a file of the copy. */
  write(path: string, text: string): void;
  remove(): void;
};

/**
 * The parts of the project that `pulumi` runs, in a folder of their own: so a test may change a source and write stack
 * files. Installed packages are links into the project's.
 */
export function copyProject(): ProjectCopy {
  const folder = freeFolder();
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const file of ["Pulumi.yaml", "package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"])
    cpSync(join(root, file), join(folder, file));
  const rooms = readdirSync(join(root, "packages")).map((room) => join("packages", room));
  for (const room of ["infra", ...rooms]) {
    cpSync(join(root, room), join(folder, room), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !["node_modules", "dist"].includes(basename(path)) && !path.endsWith(".test.ts"),
    });
    linkModules(join(root, room, "node_modules"), join(folder, room, "node_modules"));
  }
  return {
    folder,
    write: (path, text) => writeFileSync(join(folder, path), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * The first of numbered folders that nobody has. What Node keeps compiled it finds by a file's path: in a folder of another name
 * every copy's sources would be compiled anew, which is a second of each.
 */
function freeFolder(number = 1): string {
  const folder = join(tmpdir(), `mrdata-engine-${number}`);
  try {
    mkdirSync(folder);
    return folder;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return freeFolder(number + 1);
    throw error;
  }
}

// pnpm's links are relative, so a copy of them leads to the copied rooms, and through node_modules to the installed ones.
function linkModules(from: string, to: string): void {
  if (!existsSync(from)) return;
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => ![".bin", ".cache", ".vite"].includes(basename(path)),
  });
}
