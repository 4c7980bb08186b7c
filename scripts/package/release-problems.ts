export type ReleaseState = {
  readonly manifests: readonly { readonly file: string; readonly version: string | null }[];
  readonly changelog: string;
  /** What `git status --porcelain` says. */
  readonly uncommitted: string;
};

/** Why this is no version to give out yet, a sentence each; empty where it is. */
export function problemsOfRelease({ manifests, changelog, uncommitted }: ReleaseState): readonly string[] {
  const versions = [...new Set(manifests.flatMap(({ version }) => version ?? []))];
  const [version = ""] = versions;
  return [
    ...(versions.length === 1 ? [] : [`the packages have several versions: ${versions.join(", ")}`]),
    ...(changelog.includes(`\n## ${version} - `)
      ? []
      : [
          `CHANGELOG.md has no section '## ${version} - YYYY-MM-DD': give 'Unreleased' its number and its day`,
        ]),
    ...(uncommitted === "" ? [] : [`what is given out must be committed:\n${uncommitted}`]),
  ];
}
