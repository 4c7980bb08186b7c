const MINUTE = 60_000;

/** A history of our own format: an alarm that flaps and one that is mostly real, in turns, every 45 minutes. */
export const madeHistory = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const created = Date.parse("2026-02-01T00:00:00Z") + i * 45 * MINUTE;
    const flaps = i % 3 !== 0;
    const clears = flaps ? i % 67 !== 0 : i % 7 === 3;
    return {
      id: `INC-${i}`,
      service: i % 4 === 0 ? "shop" : "search",
      title: flaps ? `Latency high on host-${i}` : "Payments are failing",
      created_at: new Date(created).toISOString(),
      resolved_at: new Date(created + (clears ? 4 : 90) * MINUTE).toISOString(),
      resolved_by: "integration",
      urgency: "high",
      details: { code: flaps ? 0 : 503, region: i % 2 === 0 ? "north" : "south" },
    };
  });

/** A history in which nothing resolves itself in time: there is nothing to hold. */
export const realHistory = (count: number) =>
  madeHistory(count).map((row) => ({
    ...row,
    resolved_at: new Date(Date.parse(row.created_at) + 90 * MINUTE).toISOString(),
  }));

export const asLines = (rows: readonly unknown[]): string =>
  `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
