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

test("a column only known afterwards is recognised by its words in any spelling", () => {
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

test.each([
  ["Jira in German", ["Bearbeiter", "Lösung", "Erledigt", "Erledigt von", "Aktualisiert", "Zeitaufwand"]],
  [
    "umlauts written out",
    ["Geloest von", "Loesungscode", "Geschaeftsdauer", "Erneut geoeffnet", "Schliessung"],
  ],
  ["French", ["Attribué à", "Acquitté par", "Cause racine", "Clôturée le", "Résolue par", "Temps passé"]],
  [
    "Spanish",
    ["Cerrado por", "Código de cierre", "Asignado a", "Resuelto el", "Actualizado por", "Causa raíz"],
  ],
  ["Italian", ["Chiuso da", "Assegnato a", "Risolto il", "Codice chiusura"]],
  ["Portuguese", ["Fechado por", "Atribuído a", "Resolvido em", "Código de fechamento"]],
  ["Dutch", ["Gesloten door", "Toegewezen aan", "Opgelost op"]],
  [
    "Jira",
    [
      "Σ Time Spent",
      "Time Spent",
      "aggregatetimespent",
      "Work Ratio",
      "Status Category Changed",
      "statusCategory",
      "Last Viewed",
      "Fix Version/s",
      "Satisfaction rating",
      "Custom field (Time to resolution)",
    ],
  ],
  ["Opsgenie", ["report.ackTime", "report.closeTime", "report.closedBy", "lastOccurredAt", "acknowledged"]],
  ["Splunk On-Call", ["currentPhase", "pagedUsers", "transitions", "lastAlertTime", "acked_by"]],
  ["xMatters", ["Terminated", "terminated_by", "Response Count", "Delivered"]],
  ["Zabbix", ["Recovery time", "r_eventid", "r_clock", "Ack", "acknowledges", "Duration"]],
  [
    "Datadog",
    ["time_to_repair", "time_to_internal_response", "incident_commander", "customer_impact_end", "Resolved"],
  ],
  [
    "people's own tables",
    [
      "Closing Note",
      "Fixed at",
      "rca",
      "Action taken",
      "hours_spent",
      "back_up_at",
      "handledBy",
      "was_noise",
      "End",
      "Active",
      "restored_at",
      "end_ts",
      "Closer",
      "notified_users",
    ],
  ],
  [
    "German tables",
    [
      "Ende",
      "Endzeit",
      "Ausfalldauer",
      "Lösungszeit",
      "Geändert am",
      "Störungsende",
      "Wiederhergestellt",
      "Abgeschlossen am",
    ],
  ],
  [
    "other languages",
    [
      "Date de fin",
      "Modifié par",
      "Duración",
      "Fecha fin",
      "Stato",
      "Duração",
      "Duur",
      "Czas trwania",
      "Zamknięte",
      "Rozwiązane przez",
      "Løst af",
      "Stängd av",
      "Åtgärdad",
      "Закрыто",
      "解決日時",
      "クローズ日時",
      "关闭时间",
      "종료 시간",
    ],
  ],
  ["service levels", ["SLA breached", "has_breached", "Breached", "made_sla", "SLA verletzt"]],
])("the columns of %s", (_, names) => {
  for (const name of names) expect(isKnownAfterwards(name), name).toBe(true);
});

test("a column known at the opening is not suspected by its name", () => {
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
    "dns_resolver",
    "resolver_group",
    "resolve_time_threshold",
    "duration_threshold",
    "Standort",
    "Emplacement",
    "queue",
    "value",
    "Host group",
    "Trigger severity",
    "routing_key",
    "solution_area",
    "completed_jobs",
    "active_connections",
    "endpoint",
    "fix_rate",
    "recovery_point_objective",
    "result_code",
    "open_connections",
  ])
    expect(isKnownAfterwards(name), name).toBe(false);
});
