import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Change, changedFunctions, changedResources } from "./changed-in-gcp-10.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

type Declared = { readonly type: string; readonly inputs: Readonly<Record<string, unknown>> };

const golden: readonly Declared[] = ["least", "example", "everything"].flatMap((stack): Declared[] => {
  const { resources }: { resources: Declared[] } = JSON.parse(textOf(`test/golden/${stack}.json`));
  return resources.filter(({ type }) => type.startsWith("gcp:"));
});

/** What the program's text declares or asks for as `gcp.MODULE.NAME(`, in golden plans or not, by Pulumi's token for it. */
function tokensIn(text: string): readonly string[] {
  return [...text.matchAll(/\bgcp\.(\w+)\.(\w+)\(/gu)].map(([, module, name = ""]) => {
    const asked = name.startsWith("get") ? name.replace(/Output$/u, "") : name;
    return `gcp:${module}/${asked.slice(0, 1).toLowerCase()}${asked.slice(1)}:${asked}`;
  });
}

const written = [
  ...new Set(globSync("infra/**/*.ts", { cwd: root }).flatMap((path) => tokensIn(textOf(path)))),
].sort();
const asksFor = (token: string): boolean => /:get[A-Z]/u.test(token);

/** Those of these that version 10 changes, each as a line that says how. */
const namedIn = (changes: Readonly<Record<string, Change>>, tokens: readonly string[]): readonly string[] =>
  tokens.flatMap((token) => {
    const change = changes[token];
    return change === undefined ? [] : [`${token}: ${change.what}`];
  });

/** Declarations whose own inputs are among those that would have to change; all of a type that is removed. */
const touchedIn = (declared: readonly Declared[]): readonly string[] =>
  declared.flatMap(({ type, inputs }) => {
    const change = changedResources[type];
    if (change === undefined) return [];
    if (change.inputs === "removed") return [type];
    return change.inputs.filter((input) => Object.hasOwn(inputs, input)).map((input) => `${type}.${input}`);
  });

describe("@pulumi/gcp 10", () => {
  const types = [...new Set(golden.map(({ type }) => type))].sort();

  test("what is compared is all that the program declares or asks for", () => {
    const declared = written.filter((token) => !asksFor(token));
    // A module's directory in the token may be written otherwise (`iAMMember`), its name never.
    const named = (tokens: readonly string[]) => tokens.map((token) => token.toLowerCase()).sort();
    expect(named(declared)).toEqual(named(types));
    expect(types.length).toBeGreaterThan(30);
    expect(written.filter(asksFor)).toEqual([
      "gcp:cloudfunctionsv2/getFunction:getFunction",
      "gcp:organizations/getClientConfig:getClientConfig",
      "gcp:organizations/getProject:getProject",
      "gcp:storage/getBuckets:getBuckets",
    ]);
  });

  test("changes one resource of ours, and nothing that we ask for", () => {
    expect(namedIn(changedResources, types)).toEqual([
      "gcp:secretmanager/secretVersion:SecretVersion: secretDataWo requires secretDataWoVersion, which is a string",
    ]);
    expect(namedIn(changedFunctions, written)).toEqual([]);
  });

  test("and of that one nothing that we use", () => {
    expect(touchedIn(golden)).toEqual([]);
  });

  test("a resource, an input and a function that it changes are named", () => {
    const secret = { type: "gcp:secretmanager/secretVersion:SecretVersion", inputs: { secretDataWo: "…" } };
    const model = { type: "gcp:ml/engineModel:EngineModel", inputs: {} };
    expect(touchedIn([...golden, secret, model])).toEqual([`${secret.type}.secretDataWo`, model.type]);
    for (const asked of ["getClient", "getClientOutput"]) {
      expect(namedIn(changedFunctions, tokensIn(`await gcp.iap.${asked}({})`))).toEqual([
        "gcp:iap/getClient:getClient: removed",
      ]);
    }
  });
});

test("the provider is pinned to the version that the program was tried with, and the double is of that one", () => {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(textOf("infra/package.json"));
  expect(dependencies["@pulumi/gcp"]).toBe("9.35.0");
  expect(textOf("test/engine/gcp/provider.ts")).toContain('const VERSION = "9.35.0"');
});
