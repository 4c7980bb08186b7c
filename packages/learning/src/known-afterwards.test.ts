import { expect, test } from "vitest";
import { columnWords } from "./column-words.ts";
import { isKnownAfterwards } from "./known-afterwards.ts";

test("a name is its words, however it is spelt", () => {
  for (const name of ["closeCode", "Close code", "CLOSE_CODE", "close.code", " Close-Code ", "CloseCode"])
    expect(columnWords(name), name).toBe("close_code");
  expect(columnWords("Geöffnet")).toBe("geoffnet");
  expect(columnWords("État de l'incident")).toBe("etat_de_l_incident");
  expect(columnWords("TTR")).toBe("ttr");
  expect(columnWords("HTTPStatus2xx")).toBe("http_status2xx");
  expect(columnWords("#")).toBe("");
});

const spellings = (words: string): readonly string[] => {
  const each = words.split(" ");
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return [
    each.join("_"),
    each.join("."),
    each.join("-"),
    each.join("_").toUpperCase(),
    each.map(capital).join(" "),
    capital(each.join(" ")),
    each.map((word, i) => (i === 0 ? word : capital(word))).join(""),
    each.map(capital).join(""),
    each.join(""),
  ];
};

test("what is only known afterwards is told by its words in any spelling", () => {
  for (const words of [
    "closed by",
    "close code",
    "close notes",
    "modified by type",
    "work notes",
    "assigned to",
    "time worked",
    "updated by",
    "sys updated on",
    "resolved at",
    "time to resolve",
    "seconds to first ack",
    "auto resolved",
    "reassignment count",
    "business duration",
    "last status change at",
    "made sla",
    "end time",
    "ends at",
    "merged into",
  ])
    for (const name of spellings(words)) expect(isKnownAfterwards(name), name).toBe(true);
});

test("ServiceNow's labels in German and in French", () => {
  for (const name of [
    "Geschlossen",
    "Geschlossen von",
    "Abschlusscode",
    "Gelöst von",
    "Aktualisiert von",
    "Zugewiesen zu",
    "Arbeitsnotizen",
    "Lösungscode",
    "Geschäftsdauer",
    "Fermé par",
    "Code de fermeture",
    "Résolu par",
    "Mis à jour par",
    "Affecté à",
    "Notes de travail",
    "Notes de résolution",
    "État",
    "Durée",
  ])
    expect(isKnownAfterwards(name), name).toBe(true);
});

test("what is known at the opening is not suspected by its name", () => {
  for (const name of [
    "status_code",
    "http_status",
    "request_duration_ms",
    "check_duration",
    "escalation_policy",
    "assignment_group",
    "Zuweisungsgruppe",
    "Kategorie",
    "priority",
    "region",
    "threshold",
    "end_point",
    "backend",
    "owner",
    "ackermann",
    "closest_node",
    "state_machine",
    "label_team",
    "time_zone",
    "weekend",
  ])
    expect(isKnownAfterwards(name), name).toBe(false);
});
