import { userInfo } from "node:os";

/** Who is at the terminal, for the record: the given name, else that of the operating system account. */
export function whoIs(given: string | undefined): string {
  if (given !== undefined && given.trim() !== "") return given.trim();
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
