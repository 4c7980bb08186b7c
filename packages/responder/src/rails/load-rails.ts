import { byRules, type GuardRail, passes, type SharedRail, stops } from "../circumstances.ts";
import { isControl } from "../control.ts";
import { budgetSentence, budgetState } from "../miss-budget.ts";
import { isStorm, usuallyOpened } from "../storm.ts";

export const storm: GuardRail = {
  name: "storm",
  judge: byRules(({ storm: rule }, { opened, observation: { organisation } }) => {
    if (opened === null) return stops("How many incidents open just now could not be read.");
    const usual = usuallyOpened(organisation, rule.seconds);
    const text = `${opened} incidents opened within ${Math.round(rule.seconds / 60)} minutes, where ${usual.toFixed(1)} are usual`;
    return isStorm(opened, organisation, rule) ? stops(`A storm: ${text}.`) : passes(`No storm: ${text}.`);
  }),
};

export const caps: SharedRail = {
  name: "caps",
  judge: byRules(({ caps: most }, { held }) => {
    if (held === null) return stops("The holds of the last hour could not be read.");
    if (held.onService >= most.service)
      return stops(
        `The service had ${held.onService} holds within the hour, and ${most.service} are the most.`,
      );
    if (held.anywhere >= most.all)
      return stops(`There were ${held.anywhere} holds within the hour, and ${most.all} in all are the most.`);
    return passes(
      `Within the hour there were ${held.onService} holds on the service and ${held.anywhere} in all.`,
    );
  }),
};

export const missBudget: GuardRail = {
  name: "miss-budget",
  judge: byRules(({ missBudget: budget }, { misses, now }) => {
    if (misses === null) return stops("What is left of the miss budget could not be read.");
    const state = budgetState(misses, budget, now);
    return state.exceeded === null
      ? passes(budgetSentence(state))
      : stops(`The miss budget is spent: ${state.exceeded}`);
  }),
};

export const control: GuardRail = {
  name: "control",
  judge: byRules(({ control: share }, { observation: { incident } }) => {
    const text = `${(100 * share).toFixed(1)} % of would-be holds are paged all the same, so that learning stays honest`;
    return isControl(incident, share)
      ? stops(`Drawn as control: ${text}.`)
      : passes(`Not drawn as control: ${text}.`);
  }),
};

export const loadRails: readonly GuardRail[] = [missBudget, storm];
