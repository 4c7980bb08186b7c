import { certificateSentence, type Verified, verifyCertificates } from "@mrdata/learning";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";
import { assertVersionName, type ModelsOptions, onModels, publishedVersion } from "./on-models.ts";

/** Recomputes a version's certificates from the rows in its folder; exits with 4 if one differs. */
export const verify = (
  name: string,
  options: ModelsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  onModels(options, env, async ({ models }) => {
    assertVersionName(name);
    const verified = verifyCertificates(await publishedVersion(name, models));
    if (options.json) terminal.out(JSON.stringify({ version: name, certificates: verified }));
    else printWrapped(terminal, verified.flatMap(verifiedLines));
    const problems = verified.flatMap(({ of, problem }) =>
      problem === null ? [] : [`the certificate of ${whose[of]}: ${problem}`],
    );
    if (problems.length > 0)
      throw new CommandError(`${name} cannot be verified: ${problems.join("; ")}`, exitCodes.unhealthy);
  });

const whose = { version: "the version", fallback: "the alert type's own rate" } as const;

function verifiedLines({ of, certificate, problem, incidents }: Verified): readonly string[] {
  if (certificate === null) return [`${whose[of]}: no certificate`];
  if (problem !== null) return [`${whose[of]}: ${problem}`];
  const { real, misses, missesAllowed, upperBound, threshold } = certificate;
  return [
    `${whose[of]}: recomputed, and the same`,
    `  ${certificateSentence(certificate)}`,
    `  from ${(100 * threshold).toFixed(2)} % on: ${misses} of ${real} held, ${missesAllowed} allowed, upper bound ${(100 * upperBound).toFixed(2)} %`,
    `  rows: ${incidents.length} real incidents, ${incidents.at(0)} to ${incidents.at(-1)} (all ids: --json)`,
  ];
}
