import {
  type Certificate,
  type CertificateRule,
  certificateSentence,
  type WindowRow,
} from "@mrdata/learning";
import type { Terminal } from "../terminal.ts";
import { windowLines } from "../window-lines.ts";

/** A backtest's certificate, or why there is none, and the results of other windows if requested. */
export function certificateLines(
  {
    certificate,
    remark,
    windows,
  }: {
    readonly certificate: Certificate | null;
    readonly remark: string | null;
    readonly windows: readonly WindowRow[] | null;
  },
  { days }: CertificateRule,
  terminal: Pick<Terminal, "columns">,
): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    "",
    certificate === null
      ? `No certificate: ${remark ?? "nothing can be promised."}`
      : `${certificateSentence(certificate)} It holds from ${percent(certificate.threshold)} on.`,
    `Counted are incidents that opened in the last ${days} days of this history.`,
    ...(windows === null ? [] : ["", ...windowLines(windows, terminal)]),
  ];
}
