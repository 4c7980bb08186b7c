import type { PastIncident } from "@mrdata/incident";
import {
  type Backtest,
  type ChosenVersion,
  chooseVersion,
  type Learner,
  learners,
  type RefitAnswers,
  scoreBacktest,
} from "@mrdata/learning";
import { z } from "zod";
import { float64sIn, jsonOf, rowsIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import type { Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { learningOptions, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { type DrawResult, incidentIn } from "./draw.ts";

/** All of a version but its model, and how many rows and incidents it was drawn from. */
export type Chosen = Omit<ChosenVersion, "backtest">;
/** What it is was written by `choose` of the same schema. */
export const chosenShape = z.custom<Chosen>(
  (value) => typeof value === "object" && value !== null && "card" in value && "calibration" in value,
);

/** The fits of every block, in order of the graph. */
export type FitsOf = (block: number, learner: Learner) => TaskOutcome;

/** The backtest that the fits are the answers of. */
export async function backtestOf(
  spec: TrainingSpec,
  draw: DrawResult,
  matrix: Matrix,
  fits: FitsOf,
  io: TaskIo,
): Promise<Backtest> {
  const incidents: PastIncident[] = [];
  for (const row of rowsIn(await resultOf(io, draw.drawn))) incidents.push(incidentIn(row));
  const { columns, labels } = matrix;
  const answers: RefitAnswers[] = [];
  for (const block of draw.blocks.keys()) {
    const answer = async (learner: Learner) => float64sIn(await resultOf(io, fits(block, learner).result));
    answers.push({
      rates: await answer("rates"),
      shallow: await answer("shallow"),
      boosting: await answer("boosting"),
      forest: await answer("forest"),
      worded: await answer("worded"),
    });
  }
  const { details, merged, columnsLeftOut, columnsKept } = draw;
  const jobs = draw.blocks.map(({ start, end, moment, seed, scored }) => ({
    start,
    end,
    seed,
    scored,
    columns,
    labels,
    trees: spec.trees,
    known: Int32Array.from(Array(start).keys()).filter((i) => (matrix.knownAt[i] ?? moment + 1) <= moment),
  }));
  const prepared = {
    replay: { incidents, columns },
    details,
    merged,
    columnsLeftOut,
    columnsKept,
    labels,
    jobs,
  };
  return scoreBacktest(prepared, answers, learningOptions(spec));
}

/** Chooses learner, calibration, threshold and certificate on what the fits answered. */
export async function chooseTask(
  spec: TrainingSpec,
  drawn: { readonly name: string; readonly draw: DrawResult },
  { inputs, fits }: { readonly inputs: readonly string[]; readonly fits: FitsOf },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const { rule, certificate, now } = spec;
  const answers = [...drawn.draw.blocks.keys()].flatMap((block) =>
    learners.map((one) => fits(block, one).result),
  );
  const name = resultName("choose", [...inputs, ...answers], { rule, certificate, now });
  await resultOr(io, name, async () => {
    const tried = await backtestOf(spec, drawn.draw, await matrixOf(), fits, io);
    const { backtest: _, ...chosen } = chooseVersion(tried, learningOptions(spec));
    return jsonOf(withDraw(chosen, drawn.draw));
  });
  return { result: name };
}

/** The card says so where not all of a history was learnt from. */
function withDraw(chosen: Chosen, { rows, incidents, merged, perService }: DrawResult): Chosen {
  if (rows + merged === incidents) return chosen;
  return { ...chosen, card: { ...chosen.card, drawn: { rows, of: incidents - merged, perService } } };
}
