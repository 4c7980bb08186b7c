import { messageOf } from "@mrdata/base";
import type { LogIn } from "@mrdata/platform/google/credentials";
import { LOG_IN, type OnGoogleCloud, refusalOf } from "./refusal.ts";

/** The calls to Google Cloud. `read` and `change` reject as Firestore does; `change` changes nothing. */
export type GooglePorts = {
  logIn(): Promise<LogIn>;
  read(): Promise<unknown>;
  change(): Promise<unknown>;
};

export type GoogleCheck = {
  readonly name: "log-in" | "read-ledger" | "disarm";
  readonly state: "ok" | "failed" | "unknown";
  readonly sentence: string;
};

/** Checks whether this machine's log-in has the access that `status` and `disarm` need. */
export async function checkGoogle(
  ports: GooglePorts,
  target: OnGoogleCloud,
): Promise<readonly GoogleCheck[]> {
  const login = await ports.logIn();
  const { project, database } = target;
  if (login.kind !== "there") {
    const why =
      login.kind === "none"
        ? "Nobody is logged in to Google Cloud here"
        : `The credentials here cannot be used: ${login.why}`;
    return [{ name: "log-in", state: "failed", sentence: `${why}. Run '${LOG_IN}'.` }];
  }
  const check = async (
    name: GoogleCheck["name"],
    may: string,
    call: () => Promise<unknown>,
  ): Promise<GoogleCheck> => {
    try {
      await call();
      return { name, state: "ok", sentence: `${login.who} may ${may} ${database} of project ${project}.` };
    } catch (error) {
      const refusal = refusalOf(error, target, login.who);
      const said = messageOf(error);
      return refusal === null
        ? {
            name,
            state: "unknown",
            sentence: `Whether ${login.who} may ${may} ${database} could not be found out: ${said}.`,
          }
        : { name, state: "failed", sentence: `${sentenceCase(refusal)}.` };
    }
  };
  return [
    { name: "log-in", state: "ok", sentence: `You are ${login.who}, and project ${project} is asked.` },
    await check("read-ledger", "read the ledger", ports.read),
    await check("disarm", "disarm: change the settings in", ports.change),
  ];
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
