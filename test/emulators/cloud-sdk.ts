import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export type EmulatorJars = { readonly pubsub: string; readonly firestore: string };

type Environment = Readonly<Record<string, string | undefined>>;

const usualFolders: readonly string[] = [
  "/usr/lib/google-cloud-sdk",
  "/usr/share/google-cloud-sdk",
  "/opt/google-cloud-sdk",
  "/snap/google-cloud-sdk/current",
  "/opt/homebrew/share/google-cloud-sdk",
  "/usr/local/share/google-cloud-sdk",
  join(homedir(), "google-cloud-sdk"),
];

/** The first file of this name in the folders of PATH, or null. */
export function onPath(name: string, env: Environment): string | null {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** Where a Cloud SDK may be, most telling first: CLOUDSDK_ROOT, the `gcloud` of PATH, the folders of installers. */
export function sdkFolders(env: Environment): readonly string[] {
  const gcloud = onPath("gcloud", env);
  const byPath = gcloud === null ? [] : [dirname(dirname(realpathSync(gcloud)))];
  const byName = env.CLOUDSDK_ROOT ? [env.CLOUDSDK_ROOT] : [];
  return [...new Set([...byName, ...byPath, ...usualFolders])];
}

/** Both emulators' JARs in one of the folders; null where none has both. The JARs' versions change with the SDK. */
export function findJars(folders: readonly string[]): EmulatorJars | null {
  for (const folder of folders) {
    const pubsub = jarIn(
      join(folder, "platform/pubsub-emulator/lib"),
      /^cloud-pubsub-emulator-[\d.]+-all\.jar$/,
    );
    const firestore = jarIn(
      join(folder, "platform/cloud-firestore-emulator"),
      /^cloud-firestore-emulator\.jar$/,
    );
    if (pubsub !== null && firestore !== null) return { pubsub, firestore };
  }
  return null;
}

function jarIn(folder: string, name: RegExp): string | null {
  if (!existsSync(folder)) return null;
  const jar = readdirSync(folder).find((file) => name.test(file));
  return jar === undefined ? null : join(folder, jar);
}
