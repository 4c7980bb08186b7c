import { userInfo } from "node:os";

/** Who is at the terminal, for the record of a decision: as said, else the account's name. */
export function whoIs(said: string | undefined): string {
  if (said !== undefined && said.trim() !== "") return said.trim();
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
