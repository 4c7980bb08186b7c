import { findJars, onPath, sdkFolders } from "./cloud-sdk.ts";
import { type JavaServer, startJavaServer } from "./java-server.ts";

/** Google's emulators of Pub/Sub and Firestore as a test may use them, or why it may not and what would change that. */
export type EmulatorHosts =
  | { readonly available: true; readonly pubsubHost: string; readonly firestoreHost: string }
  | { readonly available: false; readonly reason: string; readonly command: string };

export type Emulators =
  | (Extract<EmulatorHosts, { available: true }> & { stop(): Promise<void> })
  | Extract<EmulatorHosts, { available: false }>;

const FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";

/**
 * The emulators that PUBSUB_EMULATOR_HOST and FIRESTORE_EMULATOR_HOST name, if both are set; else those of an installed
 * Cloud SDK, started on free ports of 127.0.0.1. Installed and not starting (too old a Java, say) is unavailable too.
 * For a `brief` life Java compiles quickly and not well, and collects garbage in one thread: half the work of a start.
 */
export async function emulators({
  env = process.env,
  brief = false,
}: {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly brief?: boolean;
} = {}): Promise<Emulators> {
  const { PUBSUB_EMULATOR_HOST: pubsubHost, FIRESTORE_EMULATOR_HOST: firestoreHost } = env;
  if (pubsubHost && firestoreHost)
    return { available: true, pubsubHost, firestoreHost, stop: async () => {} };

  const jars = findJars(sdkFolders(env));
  if (jars === null) {
    return {
      available: false,
      reason: "no Cloud SDK with the Pub/Sub and Firestore emulators was found",
      command:
        "gcloud components install pubsub-emulator cloud-firestore-emulator (from apt: apt-get install google-cloud-cli-pubsub-emulator google-cloud-cli-firestore-emulator)",
    };
  }
  const java = onPath(process.platform === "win32" ? "java.exe" : "java", env);
  if (java === null) {
    return {
      available: false,
      reason: "the emulators of the Cloud SDK need Java, and there is none on PATH",
      command: "apt-get install default-jre-headless (or any Java 17 or later)",
    };
  }
  const how = brief ? ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] : [];
  const started = await Promise.allSettled([
    startJavaServer({ name: "Pub/Sub emulator", java, args: [...how, "-jar", jars.pubsub] }),
    startJavaServer({
      name: "Firestore emulator",
      java,
      args: [...how, "-cp", jars.firestore, FIRESTORE_MAIN],
    }),
  ]);
  const servers: JavaServer[] = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const [pubsub, firestore] = servers;
  if (pubsub === undefined || firestore === undefined) {
    await stop();
    const problems = started.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    return {
      available: false,
      reason: problems.join("; "),
      command: `make this start: ${java} -jar ${jars.pubsub} --port=8085`,
    };
  }
  return { available: true, pubsubHost: pubsub.host, firestoreHost: firestore.host, stop };
}
