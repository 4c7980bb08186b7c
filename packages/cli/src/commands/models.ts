import { Option } from "commander";
import { type Declare, onTarget } from "../declare.ts";
import { compare } from "../models/compare-command.ts";
import { list } from "../models/list-command.ts";
import { promote, publish } from "../models/publish-command.ts";
import { demote, resume, rollback } from "../models/rollback-command.ts";
import { verify } from "../models/verify-command.ts";
import { durationWith } from "../option-types.ts";

const evenSo = ["--even-so", "also if it holds nothing", false] as const satisfies readonly [
  flag: string,
  description: string,
  usual: boolean,
];

const iKnow = [
  "--i-know",
  "also if it is suspect: you know why it is so good",
  false,
] as const satisfies readonly [flag: string, description: string, usual: boolean];

export const declareModels: Declare = (program, { terminal, env }) => {
  const models = program
    .command("models")
    .description("model versions: which there are, which is champion, and the way back")
    .addHelpText(
      "after",
      "\nExamples:\n  mrdata models list\n  mrdata models publish ./version --promote\n  mrdata models rollback",
    );
  onTarget(models.command("list"))
    .description("published versions, newest first, with their aliases")
    .action((options) => list(options, terminal, env));
  onTarget(models.command("publish <folder>"))
    .description("publish a version's folder, as 'mrdata train --out' writes it")
    .option("--promote", "make it champion at once", false)
    .option(...evenSo)
    .addOption(
      new Option("--holding-nothing", "the earlier name of --even-so").hideHelp().implies({ evenSo: true }),
    )
    .option(...iKnow)
    .action((folder, options) => publish(folder, options, terminal, env));
  onTarget(models.command("promote <version>"))
    .description("make a version champion; the one before becomes previous")
    .option(...evenSo)
    .addOption(
      new Option("--holding-nothing", "the earlier name of --even-so").hideHelp().implies({ evenSo: true }),
    )
    .option(...iKnow)
    .action((version, options) => promote(version, options, terminal, env));
  onTarget(models.command("verify <version>"))
    .description("recompute a version's certificates from the rows in its folder, and say which they are")
    .action((version, options) => verify(version, options, terminal, env));
  onTarget(models.command("rollback"))
    .description("make the previous champion champion again")
    .action((options) => rollback(options, terminal, env));
  onTarget(models.command("demote"))
    .description("go back to no champion; the alert type's own rate stands in")
    .action((options) => demote(options, terminal, env));
  onTarget(models.command("compare"))
    .description("champion and challenger beside each other, on the incidents that came since")
    .addOption(durationWith("--since <duration>", "how far back", "90d"))
    .action((options) => compare(options, terminal, env));
  onTarget(models.command("resume"))
    .description("let versions become champion by themselves again, after a rollback")
    .action((options) => resume(options, terminal, env));
};
