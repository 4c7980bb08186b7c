import type { Settings } from "@mrdata/platform";
import type { TrainingSpec } from "../spec.ts";

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

/**
 * Why a version guarantees less than the current settings require, in a sentence; null if it fits. A job may be weeks old, or from
 * another deployment, so the settings at its end count, not those at its start. A smaller budget or delta guarantees more.
 */
export function misfitOf(
  { certificate: { budget, delta, days } }: Pick<TrainingSpec, "certificate">,
  { missBudget, certificate }: Pick<Settings, "missBudget" | "certificate">,
): string | null {
  const wrong = [
    ...(budget > missBudget
      ? [`it is certified for a miss budget of ${percent(budget)}, and now it is ${percent(missBudget)}`]
      : []),
    ...(delta > certificate.delta
      ? [
          `its certificate is wrong with a chance of ${percent(delta)}, and now it may be with ${percent(certificate.delta)}`,
        ]
      : []),
    ...(days !== certificate.days
      ? [`its certificate reaches back ${days} days, and now it is to reach back ${certificate.days}`]
      : []),
  ];
  if (wrong.length === 0) return null;
  return `The settings have changed since its job was made: ${wrong.join("; ")}. The next training goes by what is set now.`;
}
