import { deserialize, serialize } from "node:v8";
import {
  type Backtest,
  type ChosenVersion,
  chooseVersion,
  lastMonthOf,
  type RefitAnswers,
  rowsOfVersion,
  type ScoredBeside,
  scoreBacktest,
  TABLE_WINDOWS,
  type TrainedLearner,
  trainedLearners,
  type WindowRow,
  windowRow,
} from "@mrdata/learning";
import { z } from "zod";
import { float64sIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { blocksIn, type Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { learningOptions, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { wholeRows } from "../whole-rows.ts";
import type { DrawResult } from "./draw.ts";
import { windowRowIn } from "./window.ts";

/** A version without its model, with the numbers of rows and incidents that it was drawn from. */
export type Chosen = Omit<ChosenVersion, "backtest"> & {
  /** Predictions for the last month of its past; absent in results of earlier versions. */
  readonly lastMonth?: readonly ScoredBeside[];
};
const chosenShape = z.custom<Chosen>(
  (value) => typeof value === "object" && value !== null && "card" in value && "calibration" in value,
);
/** Unchecked, because it was written by `choose` of the same schema; it may contain the model of a fall-back version. */
export const chosenIn = (bytes: Uint8Array): Chosen => chosenShape.parse(deserialize(bytes));

/** The outcomes of the fits of every block, and of the other hold windows. */
export type Fits = {
  readonly fit: (block: number, learner: TrainedLearner) => TaskOutcome;
  readonly window: (seconds: number) => TaskOutcome;
};

/** The backtest whose predictions are the fits. */
export async function backtestOf(
  spec: TrainingSpec,
  draw: DrawResult,
  matrix: Matrix,
  { fit }: Pick<Fits, "fit">,
  io: TaskIo,
): Promise<Backtest> {
  const answers: RefitAnswers[] = [];
  for (const block of draw.blocks.keys()) {
    const answer = async (learner: TrainedLearner) =>
      float64sIn(await resultOf(io, fit(block, learner).result));
    answers.push({
      rates: await answer("rates"),
      shallow: await answer("shallow"),
      boosting: await answer("boosting"),
      forest: await answer("forest"),
      worded: await answer("worded"),
    });
  }
  const { details, merged, columnsLeftOut, columnsKept } = draw;
  const rows = await wholeRows(spec, draw, matrix, io);
  const prepared = { ...rows, blocks: blocksIn(matrix), details, merged, columnsLeftOut, columnsKept };
  return scoreBacktest(prepared, answers, learningOptions(spec));
}

/** Chooses learner, calibration, threshold and certificate by the predictions of the fits. */
export async function chooseTask(
  spec: TrainingSpec,
  { draw }: { readonly draw: DrawResult },
  { inputs, fits }: { readonly inputs: readonly string[]; readonly fits: Fits },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const { rule, certificate, now } = spec;
  const answers = [...draw.blocks.keys()].flatMap((block) =>
    trainedLearners.map((one) => fits.fit(block, one).result),
  );
  const windows = draw.windows.map((seconds) => fits.window(seconds).result);
  const name = resultName("choose", [...inputs, ...answers, ...windows], { rule, certificate, now });
  await resultOr(io, name, async () => {
    const tried = await backtestOf(spec, draw, await matrixOf(), fits, io);
    const options = learningOptions(spec);
    const data = await rowsOfVersion(tried, {}, options);
    const table = spec.windows ? { windows: await tableOf(spec, tried, fits, io) } : {};
    const { backtest: _, ...chosen } = chooseVersion({ tried, data, ...table }, options);
    return serialize(withDraw({ ...chosen, lastMonth: lastMonthOf(tried.scored) }, draw));
  });
  return { result: name };
}

/** The comparison of hold windows. That of the backtest has its predictions. */
async function tableOf(
  spec: TrainingSpec,
  { replay, blocks, answers }: Backtest,
  { window: rowOf }: Fits,
  io: TaskIo,
): Promise<readonly WindowRow[]> {
  const table: WindowRow[] = [];
  for (const windowMs of TABLE_WINDOWS)
    table.push(
      windowMs === spec.windowMs
        ? windowRow({ rows: replay, blocks, answers }, learningOptions(spec), TABLE_WINDOWS.length)
        : windowRowIn(await resultOf(io, rowOf(windowMs / 1000).result)),
    );
  return table;
}

/** Adds a line to the card if not all of the history was learnt from. */
function withDraw(chosen: Chosen, { rows, incidents, merged, perService }: DrawResult): Chosen {
  if (rows + merged === incidents) return chosen;
  return { ...chosen, card: { ...chosen.card, drawn: { rows, of: incidents - merged, perService } } };
}
