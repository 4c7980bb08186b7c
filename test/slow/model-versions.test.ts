import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { stacks } from "../plan/stacks.ts";

const UP = ["up", "--yes", "--skip-preview"];
const v1 = stacks.everything["mrdata:modelFolder"];
const home = mkdtempSync(join(tmpdir(), "mrdata-versions-"));
const v2 = join(home, "v2");

describe("model versions from one `up` to the next, through Pulumi's own process of dynamic resources", () => {
  let on: EngineStack;
  beforeAll(async () => {
    // Another content is another version; to the reader it is the same model with another page beside it.
    cpSync(v1, v2, { recursive: true });
    appendFileSync(join(v2, "card.html"), "<!-- trained again -->");
    if (engine.available) on = await openEngineStack("least", engine.binary);
  }, 120_000);
  afterAll(async () => {
    if (engine.available) await on.remove();
    rmSync(home, { recursive: true, force: true });
  });
  const configure = (modelFolder: string | null) =>
    on.configure({
      ...stacks.least,
      "mrdata:vertexBaseUrl": on.addresses["mrdata:vertexBaseUrl"] ?? "",
      ...(modelFolder === null ? {} : { "mrdata:modelFolder": modelFolder }),
    });
  const aliases = () => on.vertex.registry.versions("mrdata").map((version) => version.aliases.toSorted());
  const uploads = () => on.vertex.calls.filter((call) => call.endsWith("models:upload")).length;
  const output = async () => (await on.stack.must(["stack", "output", "modelVersion"])).stdout.trim();
  const files = (version: string) =>
    [...on.cloud.resources.keys()].filter((id) => id.includes(`-mrdata-models/${version}/`)).length;

  engineTest("the first folder is version v1 and the default", async () => {
    await configure(v1);
    await on.stack.must(UP);
    expect(aliases()).toEqual([["default", "v1"]]);
    expect(await output()).toBe("v1");
  });

  engineTest(
    "another folder adds v2, which becomes the default, and v1 keeps its name, its place and its files; an upload that was answered too late is found by the next up",
    async () => {
      await configure(v2);
      // Carried out and never answered; and who then looks for it is refused, so that this `up` ends without it.
      const before = uploads();
      on.vertex.faults.plan(/models:upload$/, { kind: "lose-answer" });
      on.vertex.faults.plan((call) => uploads() > before && call.endsWith(":listVersions"), {
        kind: "refuse",
        status: 403,
        reason: "PERMISSION_DENIED",
      });
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      expect(code, stdout).not.toBe(0);
      expect(stdout + stderr).toContain(":listVersions with 403 PERMISSION_DENIED");
      expect(await output()).toBe("v1");

      await on.stack.must(UP);
      expect(uploads()).toBe(before + 1);
      expect(aliases()).toEqual([["v1"], ["default", "v2"]]);
      expect(await output()).toBe("v2");
      expect(files("v1")).toBe(files("v2"));
      expect(files("v1")).toBeGreaterThan(4);
      await on.stack.must(["preview", "--expect-no-changes"]);
    },
  );

  engineTest("back to the first folder uploads nothing: v1 is the default again, and v2 stays", async () => {
    const before = uploads();
    await configure(v1);
    await on.stack.must(UP);
    expect(uploads()).toBe(before);
    expect(aliases()).toEqual([["default", "v1"], ["v2"]]);
    expect(await output()).toBe("v1");
  });

  engineTest("other files under a version's name are refused before anything is changed", async () => {
    const changed = join(home, "changed", "v1");
    cpSync(v1, changed, { recursive: true });
    appendFileSync(join(changed, "card.html"), "<!-- changed -->");
    await configure(changed);
    const made = await on.changes(async () => {
      const { code, stdout, stderr } = await on.stack.pulumi(UP);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(
        `mrdata:modelFolder '${changed}' is refused: v1 is published already, with another card.html, and a version never changes: call the folder v2`,
      );
    });
    expect(made).toEqual([]);
    expect(aliases()).toEqual([["default", "v1"], ["v2"]]);
  });

  engineTest("without a folder the model goes with all of its versions, none of them by itself", async () => {
    await configure(null);
    const calls = on.vertex.calls.length;
    await on.stack.must(UP);
    expect(on.vertex.registry.models.size).toBe(0);
    const deletions = on.vertex.calls.slice(calls).filter((call) => call.startsWith("DELETE"));
    expect(deletions).toEqual(["DELETE /v1/projects/least-project/locations/us-central1/models/mrdata"]);
    await on.stack.must(["preview", "--expect-no-changes"]);
  });
});
