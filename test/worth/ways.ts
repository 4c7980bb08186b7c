import { selfResolved } from "@mrdata/incident";
import { defaultSettings } from "@mrdata/platform";
import { heldAsArmed, sharedRails } from "@mrdata/responder";
import { type Lived, WINDOW } from "./armed-month.ts";

const MINUTE = 60_000;

/** What a way of paging does with each incident of a month, in their order. */
export type Done = {
  /** Nobody was told of it. */
  readonly spared: readonly boolean[];
  /** It needed a human, and was paged late. */
  readonly delayed: readonly boolean[];
};

const doing = (
  lived: readonly Lived[],
  spares: (one: Lived, i: number) => boolean,
  delays: (one: Lived, i: number) => boolean,
): Done => ({ spared: lived.map(spares), delayed: lived.map(delays) });

const holding = (lived: readonly Lived[], isHeld: (one: Lived) => boolean): Done =>
  doing(
    lived,
    (one) => one.label === 1 && isHeld(one),
    (one) => one.label === 0 && isHeld(one),
  );

/** What the bot did. */
export const mrData = (lived: readonly Lived[]): Done =>
  doing(
    lived,
    ({ label, paged }) => label === 1 && !paged,
    ({ label, held }) => label === 0 && held,
  );

export const fixedDelay =
  (minutes: number) =>
  (lived: readonly Lived[]): Done => {
    const gone = ({ past }: Lived) => selfResolved(past, minutes * MINUTE);
    return doing(lived, gone, (one) => !gone(one) && one.label === 0);
  };

export const pageAlways = (lived: readonly Lived[]): Done => holding(lived, () => false);

/** A way that holds from a threshold on: what it does at each, from the highest threshold down. */
export type Sliding = (lived: readonly Lived[]) => readonly Done[];

/** Holds whatever has a rate from the threshold on. No guard rail holds it back. */
export const ownRate: Sliding = (lived) =>
  thresholdsOf(lived).map((threshold) => holding(lived, ({ rate }) => rate >= threshold));

/** Verdicts of the model: where the own rate predicts, they are not asked. */
const ofModel: ReadonlySet<string> = new Set(["model", "prediction", "features", "details", "threshold"]);
/** Verdicts on what was held before: another way has held others before. */
const ofHolds: ReadonlySet<string> = new Set(sharedRails.map(({ name }) => name));

/** The bot with the own rate as its predictor: all guard rails, but for those that speak of the model. */
export const ownRateBehindRails: Sliding = (lived) => {
  const { caps } = defaultSettings;
  const asIf = lived.map((one) => ({
    one,
    openedAt: one.past.createdAt,
    closedAt: one.past.resolvedAt,
    prediction: one.prediction && {
      ...one.prediction,
      abstained: null,
      verdicts: one.prediction.verdicts.filter(({ name }) => !ofModel.has(name) && !ofHolds.has(name)),
    },
  }));
  return thresholdsOf(lived, MAX_ADDED).map((threshold) => {
    const held = new Set(
      heldAsArmed(
        asIf.filter(({ one: { rate } }) => rate >= threshold),
        { windowMs: WINDOW, caps },
      ).map(({ one }) => one),
    );
    return holding(lived, (one) => held.has(one));
  });
};

/** Holds have to be added up anew for each threshold: so many, spread over the rates, tell a way well enough. */
const MAX_ADDED = 400;

function thresholdsOf(lived: readonly Lived[], most = Number.POSITIVE_INFINITY): readonly number[] {
  const rates = [...new Set(lived.map(({ rate }) => rate))].sort((a, b) => b - a);
  const step = Math.max(1, rates.length / most);
  return Array.from({ length: Math.ceil(rates.length / step) }, (_, i) => rates[Math.floor(i * step)] ?? 0);
}
