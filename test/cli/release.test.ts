import { expect, test } from "vitest";
import { problemsOfRelease } from "../../scripts/package/release-problems.ts";

const sound = {
  manifests: [
    { file: "package.json", version: "0.2.0" },
    { file: "packages/cli/package.json", version: "0.2.0" },
  ],
  changelog: "# Changelog\n\n## 0.2.0 - 2026-11-30\n",
  uncommitted: "",
};

test("a version whose packages agree, that the changelog names and that is committed may be given out", () => {
  expect(problemsOfRelease(sound)).toEqual([]);
});

test.each([
  [
    { manifests: [...sound.manifests, { file: "infra/package.json", version: "0.1.0" }] },
    /several versions: 0\.2\.0, 0\.1\.0/,
  ],
  [{ changelog: "# Changelog\n\n## Unreleased\n" }, /no section '## 0\.2\.0 - /],
  [{ uncommitted: " M README.md" }, /must be committed:\n M README\.md/],
])("otherwise it says what is missing", (change, problem) => {
  expect(problemsOfRelease({ ...sound, ...change })).toEqual([expect.stringMatching(problem)]);
});
