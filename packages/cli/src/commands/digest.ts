import { DigestUnsentError, postDigest } from "@mrdata/functions";
import { type Digest, digestMail, digestOf, digestSlack, digestText } from "@mrdata/report";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { choiceOption } from "../option-types.ts";
import { withReport } from "../report/open-report.ts";
import { type ReportTime, reportRequest, withReportTime } from "../report/report-options.ts";
import type { TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { writePage } from "../write-page.ts";

const forms = ["text", "html", "slack"] as const;

export type DigestOptions = TargetOptions &
  ReportTime & {
    readonly form: (typeof forms)[number];
    readonly out?: string | undefined;
    readonly post: boolean;
    readonly json: boolean;
  };

/** Writes the weekly digest to a file or the terminal, and posts it with `--post`. */
export async function digest(
  options: DigestOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { form, out, post, json } = options;
  const address = env.MRDATA_DIGEST_WEBHOOK?.trim() || null;
  if (post && address === null)
    throw new CommandError(
      "--post needs the address of a webhook in MRDATA_DIGEST_WEBHOOK: it is a secret, so no option takes it",
      exitCodes.notConfigured,
    );
  const data = await withReport(options, env, (report) => report.read(reportRequest(options)));
  const made = digestOf(data);
  if (post && address !== null) {
    await postOrFail(address, made);
    terminal.say("Posted.");
  }
  if (json) return terminal.out(JSON.stringify(made));
  const text = written(made, form);
  if (out !== undefined) {
    writePage(out, text);
    terminal.say(`Wrote ${out}.`);
  } else if (!post) for (const line of text.trimEnd().split("\n")) terminal.out(line);
}

async function postOrFail(address: string, made: Digest): Promise<void> {
  try {
    await postDigest(address, digestSlack(made));
  } catch (error) {
    if (error instanceof DigestUnsentError) throw new CommandError(error.message);
    throw error;
  }
}

function written(made: Digest, form: DigestOptions["form"]): string {
  switch (form) {
    case "text":
      return digestText(made);
    case "html":
      return digestMail(made);
    case "slack":
      return `${JSON.stringify(digestSlack(made))}\n`;
  }
}

export const declareDigest: Declare = (program, { terminal, env }) => {
  withReportTime(onTarget(program.command("digest")))
    .description("Monday's message: spared, late by name, monitors to fix, budget, what changed")
    .option(
      "--form <form>",
      `one of ${forms.join(", ")}: for people, for a mail's body, for Slack`,
      choiceOption(forms),
      "text",
    )
    .option("--out <file>", "writes it to this file")
    .option("--post", "posts it, in Slack's form, to the webhook in MRDATA_DIGEST_WEBHOOK", false)
    .addHelpText(
      "after",
      "\nExamples:\n  mrdata digest\n  mrdata digest --form html --out monday.html\n  mrdata digest --post",
    )
    .action((options) => digest(options, terminal, env));
};
