import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SHA-256, hexadecimal, of all that the bundles are made of: the sources of every package, and the lockfile, which pins
 * what they use and esbuild itself.
 */
export function sourcesHash(root: string): string {
  const hash = createHash("sha256").update(process.versions.node);
  const take = (file: string) => {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\n${bytes.byteLength}\n`).update(bytes);
  };
  take("pnpm-lock.yaml");
  for (const room of readdirSync(join(root, "packages")).sort()) {
    const manifest = join("packages", room, "package.json");
    if (!existsSync(join(root, manifest))) continue;
    take(manifest);
    const archive = join("packages", room, "archive");
    if (existsSync(join(root, archive)))
      for (const file of readdirSync(join(root, archive)).sort()) take(join(archive, file));
    const sources = join("packages", room, "src");
    for (const entry of readdirSync(join(root, sources), { recursive: true, encoding: "utf8" }).sort())
      if (entry.endsWith(".ts") && !entry.endsWith(".test.ts")) take(join(sources, entry));
  }
  return hash.digest("hex").slice(0, 32);
}
