import { auc, brier } from "@mrdata/forest";
import { readHistory } from "@mrdata/history";
import {
  type Backtest,
  backtest,
  backtestFigures,
  componentCounts,
  TREES,
  usualLearnerSettings,
} from "@mrdata/learning";
import { sharedAlarms } from "../../packages/learning/src/history.fixture.ts";
import { aside, type Figure } from "./figure.ts";
import { sharedVocabulary } from "./shared-vocabulary.ts";

const WINDOW = 30 * 60_000;
const REFITS = 12;

/**
 * What components of titles are worth, by how many there are: the learner that looks at words alone, and all together, on
 * services that share alarms, on such whose titles say the same in different words, and on the history of `--history=FILE`.
 */
export async function benchComponents(file: string | null): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const histories = [
    { name: "alarms", incidents: sharedAlarms(2_000, 400) },
    { name: "vocabulary", incidents: sharedVocabulary(2_000, 400, 1) },
    ...(file === null ? [] : [{ name: "history", incidents: (await readHistory([file])).incidents }]),
  ];
  for (const { name, incidents } of histories)
    for (const components of componentCounts) {
      const usual = usualLearnerSettings(TREES);
      const settings = { ...usual, worded: { ...usual.worded, components } };
      const tried = await backtest(incidents, {
        windowMs: WINDOW,
        refits: REFITS,
        seed: 1,
        workers: 2,
        settings,
      });
      const of = `components.${name}.${components}`;
      const worded = wordedAlone(tried);
      const all = backtestFigures(tried.scored, { seed: 1 });
      figures.push(
        aside(`${of}.worded.auc`, worded.auc, "AUC of the learner with words"),
        aside(`${of}.worded.brier`, worded.brier, "its Brier score"),
        aside(`${of}.auc`, all.auc.value, "AUC of all together"),
        aside(`${of}.brier`, all.brier.value, "their Brier score"),
      );
    }
  return figures;
}

/** What the learner with words alone answered for the scored rows, uncalibrated. */
function wordedAlone({ past, scored }: Backtest): { readonly auc: number; readonly brier: number } {
  const ids = new Set(scored.map(({ incident }) => incident.id));
  const rows = past.filter(({ id }) => ids.has(id));
  const answers = rows.map(({ raw }) => raw.worded);
  const labels = rows.map(({ label }) => label);
  return { auc: auc(answers, labels), brier: brier(answers, labels) };
}
