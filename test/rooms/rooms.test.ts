import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importsOf, mayUse, roomOf, violationsIn } from "./rooms.ts";

const root = join(import.meta.dirname, "../..");
const sources = globSync(["packages/*/src/**/*.ts", "infra/**/*.ts"], {
  cwd: root,
  exclude: (name) => name === "node_modules",
});

describe("dependencies point down", () => {
  it("in every source file", () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(sources.flatMap((file) => violationsIn(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
  });
  it("and the table itself has no circle", () => {
    const rooms = globSync("packages/*/package.json", { cwd: root }).map(roomOf);
    const under = (room: string): readonly string[] =>
      rooms.filter((other) => other !== room && mayUse(room, other));
    // What uses nothing of what is left can be taken away; a circle never can.
    let left = rooms;
    for (let before = -1; before !== left.length; ) {
      before = left.length;
      left = left.filter((room) => under(room).some((other) => left.includes(other)));
    }
    expect(left).toEqual([]);
  });
  it("in every package.json", () => {
    for (const file of globSync("packages/*/package.json", { cwd: root })) {
      const room = file.split("/")[1] ?? "";
      const { dependencies = {} } = JSON.parse(readFileSync(join(root, file), "utf8"));
      const upward = Object.keys(dependencies).filter(
        (name) => name.startsWith("@mrdata/") && !mayUse(room, name.slice(8)),
      );
      expect(upward, file).toEqual([]);
    }
  });
  it("and the check sees an arrow that points up, and a reach into another's files", () => {
    expect(violationsIn("packages/incident/src/a.ts", 'import { x } from "@mrdata/platform";')).toHaveLength(
      1,
    );
    expect(
      violationsIn("packages/responder/src/a.ts", 'import { x } from "../../incident/src/event.ts";'),
    ).toHaveLength(1);
    expect(
      violationsIn("packages/responder/src/a.ts", 'const x = await import("@mrdata/incident/src/event.ts");'),
    ).toHaveLength(1);
    expect(violationsIn("packages/responder/src/a.ts", 'import { x } from "@mrdata/incident";')).toEqual([]);
    expect(roomOf("packages/cli/src/main.ts")).toBe("cli");
    expect(importsOf('export * from "./a.ts";\nimport "b";')).toEqual(["./a.ts", "b"]);
  });
});
