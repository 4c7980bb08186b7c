import { allow, byRules, deny, type GuardRail, type SharedRail } from "../circumstances.ts";
import { isControl } from "../control.ts";
import { budgetSentence, budgetState } from "../miss-budget.ts";
import { isStorm, usualOpenings } from "../storm.ts";

export const storm: GuardRail = {
  name: "storm",
  judge: byRules(({ storm: rule }, { opened, observation: { organisation } }) => {
    if (opened === null) return deny("How many incidents open just now could not be read.");
    const usual = usualOpenings(organisation, rule.seconds);
    const text = `${opened} incidents opened within ${Math.round(rule.seconds / 60)} minutes, where ${usual.toFixed(1)} are usual`;
    return isStorm(opened, organisation, rule) ? deny(`A storm: ${text}.`) : allow(`No storm: ${text}.`);
  }),
};

export const caps: SharedRail = {
  name: "caps",
  judge: byRules(({ caps: most }, { held }) => {
    if (held === null) return deny("The holds of the last hour could not be read.");
    if (held.onService >= most.service)
      return deny(
        `The service had ${held.onService} holds within the hour, and ${most.service} are the most.`,
      );
    if (held.anywhere >= most.all)
      return deny(`There were ${held.anywhere} holds within the hour, and ${most.all} in all are the most.`);
    return allow(
      `Within the hour there were ${held.onService} holds on the service and ${held.anywhere} in all.`,
    );
  }),
};

export const missBudget: GuardRail = {
  name: "miss-budget",
  judge: byRules(({ missBudget: budget }, { misses, now }) => {
    if (misses === null) return deny("What is left of the miss budget could not be read.");
    const state = budgetState(misses, budget, now);
    return state.exceeded === null
      ? allow(budgetSentence(state))
      : deny(`The miss budget is spent: ${state.exceeded}`);
  }),
};

export const control: GuardRail = {
  name: "control",
  judge: byRules(({ control: share }, { observation: { incident } }) => {
    const text = `${(100 * share).toFixed(1)} % of would-be holds are paged all the same, so that learning stays honest`;
    return isControl(incident, share)
      ? deny(`Drawn as control: ${text}.`)
      : allow(`Not drawn as control: ${text}.`);
  }),
};

export const loadRails: readonly GuardRail[] = [missBudget, storm];
