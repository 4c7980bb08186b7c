import { describe, expect, test } from "vitest";
import { PagerDutyError } from "./errors.ts";
import { reader } from "./read-answer.ts";
import type { Call } from "./request.ts";
import { scheduleCalls } from "./schedule-calls.ts";

const NOW = Date.parse("2026-03-02T03:00:00Z");
const HOUR = 3_600_000;
const period = { since: NOW, until: NOW + 24 * HOUR };

/** The calls on a PagerDuty that answers by path: an HTTP status, or a body made from the query. */
function asking(
  answers: Readonly<Record<string, number | ((query: NonNullable<Call["query"]>) => unknown)>>,
) {
  const asked: string[] = [];
  const calls = scheduleCalls(
    reader(async ({ path, query = {} }) => {
      const name = `/${path.join("/")}`;
      asked.push(name);
      const answer = answers[name] ?? 404;
      if (typeof answer === "number") throw new PagerDutyError(`GET ${name}`, answer, 2001, []);
      return answer(query);
    }),
  );
  return { asked, ...calls };
}

/** As the upgrade guide of the developer docs shows it. */
const shiftBased = (change: object = {}) => ({
  schedule: {
    id: "PL5FQHC",
    type: "schedule_v3",
    name: "Primary On-Call",
    rotations: [
      {
        id: "R1",
        type: "schedule_rotation",
        events: [
          {
            id: "E1",
            recurrence: ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
            assignment_strategy: {
              type: "rotating_member_assignment_strategy",
              members: [{ type: "user_member", user_id: "PUSER01" }, { type: "empty_member" }],
            },
          },
        ],
      },
    ],
    final_schedule: {
      type: "final_schedule",
      rendered_coverage_percentage: 100,
      computed_shift_assignments: [
        shift(0, 8, { type: "user_member", user_id: "PUSER01" }),
        shift(4, 12, { type: "user_member", user_id: "PUSER02" }),
        shift(12, 24, { type: "empty_member" }),
      ],
    },
    ...change,
  },
});
const shift = (from: number, to: number, member: object) => ({
  type: "computed_shift_assignment",
  start_time: new Date(NOW + from * HOUR).toISOString(),
  end_time: new Date(NOW + to * HOUR).toISOString(),
  member,
  source: { type: "custom_shift", shift_id: "S1" },
});
const layerBased = (change: object = {}) => ({
  schedule: {
    id: "PL5FQHC",
    type: "schedule",
    name: "Primary On-Call",
    users: [{ id: "PUSER01" }, null],
    final_schedule: {
      rendered_schedule_entries: [
        { start: "2026-03-02T03:00:00Z", end: "2026-03-03T03:00:00Z", user: { id: "PUSER01" } },
      ],
    },
    ...change,
  },
});

describe("a schedule whose kind is not known", () => {
  test("of shifts is read at v3 alone, with overlapping shifts, and empty ones left out", async () => {
    let query: NonNullable<Call["query"]> = {};
    const { getSchedule, asked } = asking({
      "/v3/schedules/PL5FQHC": (of) => {
        query = of;
        return shiftBased();
      },
    });
    expect(await getSchedule("PL5FQHC", period)).toEqual({
      id: "PL5FQHC",
      name: "Primary On-Call",
      kind: "shift-based",
      users: ["PUSER01", "PUSER02"],
      shifts: [
        { user: "PUSER01", start: NOW, end: NOW + 8 * HOUR },
        { user: "PUSER02", start: NOW + 4 * HOUR, end: NOW + 12 * HOUR },
      ],
    });
    expect(asked).toEqual(["/v3/schedules/PL5FQHC"]);
    expect(query).toEqual({
      include: ["final_schedule"],
      since: "2026-03-02T03:00:00.000Z",
      until: "2026-03-03T03:00:00.000Z",
    });
  });

  test("of layers is refused by v3 with 400, and read at v2", async () => {
    const { getSchedule, asked } = asking({
      "/v3/schedules/PL5FQHC": 400,
      "/schedules/PL5FQHC": () => layerBased(),
    });
    expect(await getSchedule("PL5FQHC", period)).toMatchObject({ kind: "layer-based", users: ["PUSER01"] });
    expect(asked).toEqual(["/v3/schedules/PL5FQHC", "/schedules/PL5FQHC"]);
  });

  test("of shifts whose rotations have another shape says who is on call, and not who is on it", async () => {
    const { getSchedule } = asking({
      "/v3/schedules/PL5FQHC": () => shiftBased({ rotations: [{ events: 7 }] }),
    });
    const read = await getSchedule("PL5FQHC", period);
    expect(read.users).toBeNull();
    expect(read.shifts).toHaveLength(2);
  });

  test.each([
    ["neither knows it", 404, 404, 404],
    ["v3 says that it is of layers, and v2 does not know it", 400, 404, 400],
    ["v3 fails", 500, () => layerBased(), 500],
    ["v3 may not be read", 403, () => layerBased(), 403],
    [
      "v2 shows a reference",
      400,
      () => ({ schedule: { id: "PL5FQHC", type: "schedule_v3_reference" } }),
      200,
    ],
    ["v2 shows one of shifts", 400, () => layerBased({ type: "schedule_v3" }), 200],
    ["v2 shows nobody's entries", 400, () => layerBased({ final_schedule: {} }), 200],
    ["v3 shows one of layers", () => layerBased(), () => layerBased(), 200],
    ["v3 leaves the final schedule out", () => shiftBased({ final_schedule: undefined }), 404, 200],
    [
      "v3 shows a member of another kind",
      () =>
        shiftBased({
          final_schedule: { computed_shift_assignments: [shift(0, 24, { type: "team_member" })] },
        }),
      404,
      200,
    ],
  ])("cannot be read where %s", async (_, v3, v2, status) => {
    const { getSchedule } = asking({ "/v3/schedules/PL5FQHC": v3, "/schedules/PL5FQHC": v2 });
    await expect(getSchedule("PL5FQHC", period)).rejects.toMatchObject({ name: "PagerDutyError", status });
  });
});

describe("the list of all schedules", () => {
  const page =
    (count: number, cap: number, type: string) =>
    ({ offset, limit }: NonNullable<Call["query"]>) => {
      const size = Math.min(cap, Number(limit));
      const schedules = Array.from({ length: count }, (_, i) => ({
        id: `${type}${i}`,
        type,
        summary: `${i}`,
      }));
      return {
        schedules: schedules.slice(Number(offset), Number(offset) + size),
        limit: size,
        offset,
        more: Number(offset) + size < count,
      };
    };
  async function listed(layers: number, shifts: number, caps = { v2: 100, v3: 1_000 }) {
    const { listSchedules, asked } = asking({
      "/schedules": page(layers, caps.v2, "schedule_reference"),
      "/v3/schedules": page(shifts, caps.v3, "schedule_v3_reference"),
    });
    const ids: string[] = [];
    for await (const { id } of listSchedules()) ids.push(id);
    return { ids, asked };
  }

  test.each([
    [0, 0, 2],
    [250, 0, 4],
    [0, 2_500, 4],
    [101, 1_001, 4],
  ])("of %i of layers and %i of shifts has each once", async (layers, shifts, calls) => {
    const { ids, asked } = await listed(layers, shifts);
    expect(new Set(ids).size).toBe(layers + shifts);
    expect(ids).toHaveLength(layers + shifts);
    expect(asked).toHaveLength(calls);
  });

  test("continues by the number received where a page is smaller than requested", async () => {
    const { ids } = await listed(30, 250, { v2: 25, v3: 100 });
    expect(ids).toHaveLength(280);
    expect(new Set(ids).size).toBe(280);
  });

  test.each([
    ["v2 goes on beyond 10,000", { "/schedules": page(10_100, 100, "schedule") }],
    [
      "v3 says that there is more and shows nothing",
      {
        "/schedules": page(1, 100, "schedule"),
        "/v3/schedules": () => ({ schedules: [], more: true }),
      },
    ],
    ["v3 has no list", { "/schedules": page(1, 100, "schedule") }],
  ])("throws rather than leave any out: %s", async (_, answers) => {
    const { listSchedules } = asking(answers);
    const all = async () => {
      for await (const one of listSchedules()) expect(one.id).not.toBe("");
    };
    await expect(all()).rejects.toBeInstanceOf(PagerDutyError);
  });

  test("does not say who is on a schedule that it shows as a reference", async () => {
    const { listSchedules } = asking({
      "/schedules": () => ({ schedules: [{ id: "P1", name: "One", users: [{ id: "PANNA" }] }], more: false }),
      "/v3/schedules": () => ({ schedules: [{ id: "P2", summary: "Two" }], more: false }),
    });
    const all: unknown[] = [];
    for await (const one of listSchedules()) all.push(one);
    expect(all).toEqual([
      { id: "P1", name: "One", kind: "layer-based", users: ["PANNA"] },
      { id: "P2", name: "Two", kind: "shift-based", users: null },
    ]);
  });
});
