import { type Certificate, type CertifyingRow, certificateOf, countsAsReal } from "./certificate.ts";
import type { ModelVersion, RealRow } from "./model-version.ts";

/** A certificate compared with what its rows give; `problem` is null where both agree. */
export type Verified = {
  readonly of: "version" | "fallback";
  readonly certificate: Certificate | null;
  readonly recomputed: Certificate | null;
  /** Ids of the real incidents that it counts, in order. */
  readonly incidents: readonly string[];
  readonly problem: string | null;
};

/** The parts of a version that its certificates are made from. */
export type Certified = Pick<ModelVersion, "certifying"> & {
  readonly card: Pick<ModelVersion["card"], "threshold" | "certificate" | "fallback">;
};

/** Recomputes a version's certificates from the rows in its folder. */
export function verifyCertificates({ card, certifying }: Certified): readonly Verified[] {
  return [
    verified("version", card.certificate, certifying?.version, card.threshold),
    verified("fallback", card.fallback?.certificate ?? null, certifying?.fallback, undefined),
  ];
}

function verified(
  of: Verified["of"],
  certificate: Certificate | null,
  kept: readonly RealRow[] | undefined,
  threshold: number | null | undefined,
): Verified {
  const rows = (kept ?? []).map(
    ([id, openedAt, probability, censored]): CertifyingRow => ({
      id,
      openedAt,
      probability,
      label: 0,
      censored: censored !== undefined,
    }),
  );
  const incidents = rows
    .filter((row) => certificate === null || countsAsReal(row, certificate.threshold))
    .map(({ id }) => id);
  if (certificate === null) return { of, certificate, recomputed: null, incidents, problem: null };
  if (kept === undefined)
    return { of, certificate, recomputed: null, incidents, problem: "the rows that it counts are not kept" };
  if (threshold !== undefined && threshold !== certificate.threshold)
    return {
      of,
      certificate,
      recomputed: null,
      incidents,
      problem: `it is for a threshold of ${certificate.threshold}, and the version holds from ${threshold} on`,
    };
  try {
    const recomputed = certificateOf(certificate.threshold, rows, certificate);
    const differs = differences(certificate, recomputed);
    const problem = differs.length === 0 ? null : `its rows come to another ${differs.join(", ")}`;
    return { of, certificate, recomputed, incidents, problem };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { of, certificate, recomputed: null, incidents, problem: error.message };
  }
}

function differences(stated: Certificate, recomputed: Certificate): readonly string[] {
  const fields = new Map<string, unknown>(Object.entries(recomputed));
  return Object.entries(stated).flatMap(([name, value]) => (fields.get(name) === value ? [] : [name]));
}
