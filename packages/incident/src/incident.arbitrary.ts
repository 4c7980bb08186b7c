import fc from "fast-check";
import type { Actor, IncidentEvent, IncidentEventType } from "./event.ts";

/** For property tests: possible events of one incident, in order of occurrence. */
export const historyArbitrary = (
  incident: string,
  service = "PSVC001",
): fc.Arbitrary<readonly IncidentEvent[]> =>
  fc
    .record({
      openedAt: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_000 + 40 * 86_400_000 }),
      title: fc.constantFrom(
        "Disk 91% full on db-3",
        "Disk 17% full on db-9",
        "Checkout is slow",
        "Nächtlicher Lauf fehlgeschlagen",
      ),
      steps: fc.array(
        fc.record({
          // Often at the same millisecond: then only the events themselves may decide their order.
          after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900_000 })),
          type: fc.constantFrom<IncidentEventType>(
            "acknowledged",
            "unacknowledged",
            "resolved",
            "reopened",
            "escalated",
            "reassigned",
            "annotated",
            "priority_updated",
          ),
          actor: fc.constantFrom<Actor>("human", "integration", "bot", "automation"),
          note: fc.constantFrom("looking", "mrdata: real", "mrdata: noise"),
          priority: fc.constantFrom(null, "P1", "P3"),
          merged: fc.boolean(),
        }),
        { maxLength: 7 },
      ),
    })
    .map(({ openedAt, title, steps }) => {
      let at = openedAt;
      const snapshot = (status: "triggered" | "acknowledged" | "resolved", priority: string | null) => ({
        title,
        service,
        serviceName: "Checkout",
        status,
        urgency: "high" as const,
        priority,
        assignees: status === "resolved" ? [] : ["PUSER01"],
        escalationPolicy: "PPOL001",
        teams: [],
        number: 1,
        htmlUrl: null,
        createdAt: openedAt,
      });
      const opening: IncidentEvent = {
        id: `${incident}-0`,
        incident,
        type: "triggered",
        occurredAt: openedAt,
        actor: "integration",
        actorId: "PINT001",
        snapshot: snapshot("triggered", null),
        note: null,
        mergedInto: null,
      };
      const later = steps.map((step, i): IncidentEvent => {
        at += step.after;
        const isNote = step.type === "annotated";
        return {
          id: `${incident}-${i + 1}`,
          incident,
          type: step.type,
          occurredAt: at,
          actor: step.actor,
          actorId: null,
          snapshot: isNote
            ? null
            : snapshot(step.type === "resolved" ? "resolved" : "triggered", step.priority),
          note: isNote ? step.note : null,
          mergedInto: step.type === "resolved" && step.merged ? "POTHER1" : null,
        };
      });
      return [opening, ...later];
    });
