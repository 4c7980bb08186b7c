import type { Prediction } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { type TakeBackPorts, type TakenByProgram, takeBackFromProgram } from "./take-back.ts";

/**
 * Gives an incident that a program took to people and records it: the hold has ended, and what was done. Throws where
 * nobody could be notified, and then writes nothing, so that it is retried.
 */
export async function takeBackAndRecord(
  ledger: Pick<Ledger, "endHold" | "noteAction">,
  request: TakenByProgram & { readonly stored: Prediction | null; readonly why: string },
  ports: TakeBackPorts,
): Promise<void> {
  const { incident, stored, why } = request;
  const taken = await takeBackFromProgram(request, ports);
  await ledger.endHold(incident, { at: Math.min(taken.at, stored?.holdUntil ?? taken.at), why });
  if (taken.action !== "none") await ledger.noteAction(incident, taken);
}
