import { table } from "../figure.ts";
import { html, type Markup } from "../html.ts";
import { displayText } from "./display-text.ts";
import type { Shown } from "./parts.ts";
import type { ReportService } from "./report-data.ts";

const verdictClass = { good: "spared", bad: "late", none: "other" } as const;
const verdictWord = { good: "holds", bad: "look", none: "not asked" } as const;

/** Mode, policy and the doctor's verdict of each service. */
export const servicesSection = (services: readonly ReportService[], { times }: Shown): Markup =>
  html`<h2 id="services">Services</h2>
${
  services.length === 0
    ? html`<p>No service has a mode yet: all are in shadow.</p>`
    : table({
        label: "Services with mode, policy and the doctor's verdict",
        sentences: true,
        head: ["Service", "Mode", "Policy", "Since, and why", "Doctor"],
        rows: services.map(({ service, name, mode, policy, who, at, why, verdict }) => [
          html`<bdi>${displayText(name, service)}</bdi>`,
          mode,
          policy ?? "–",
          at === 0
            ? "–"
            : `${times.day(at)}, by ${displayText(who, "nobody")}${why === "" ? "" : `: ${displayText(why)}`}`,
          html`<span class="badge ${verdictClass[verdict.kind]}">${verdictWord[verdict.kind]}</span> ${displayText(verdict.sentence)}`,
        ]),
      })
}`;
