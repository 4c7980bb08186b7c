import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decides, testBeside } from "./tests-beside.ts";

const root = join(import.meta.dirname, "../..");

/** Where it is decided what becomes of an incident. What other rooms decide is mostly tested by the suites of their folders. */
const rooms = ["functions", "responder", "incident"];

test("of the files that decide what becomes of an incident, six in ten and more have a test beside them", () => {
  const deciding = globSync(
    rooms.map((room) => `packages/${room}/src/**/*.ts`),
    { cwd: root },
  ).filter((file) => decides(file, readFileSync(join(root, file), "utf8")));
  const tested = deciding.filter((file) => existsSync(join(root, testBeside(file))));
  expect(deciding.length).toBeGreaterThan(50);
  const without = deciding.filter((file) => !tested.includes(file)).join("\n");
  expect(tested.length / deciding.length, `without a test beside them:\n${without}`).toBeGreaterThanOrEqual(
    0.6,
  );
});

test("three branches decide, one does not; what wires, and comments, do not count", () => {
  const branches = "if (a) b();\nconst c = d ? e : f;\nswitch (g) { case 1: }\n";
  expect(decides("packages/x/src/a.ts", branches)).toBe(true);
  expect(decides("packages/x/src/a.ts", "if (a) b();")).toBe(false);
  expect(decides("packages/x/src/a.ts", "// if (a) if (b) if (c)\n/* if (a) if (b) if (c) */")).toBe(false);
  expect(decides("packages/x/src/build-a.ts", branches)).toBe(false);
  expect(decides("packages/x/src/a.fixture.ts", branches)).toBe(false);
  expect(testBeside("packages/x/src/a.ts")).toBe("packages/x/src/a.test.ts");
});
