import { Refusal } from "./refusal.ts";

/** What goes wrong with the next call that fits. */
export type Fault =
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly reason: string;
      readonly retryAfter?: string;
    }
  /** The call is carried out, and its answer is lost. */
  | { readonly kind: "lose-answer" }
  /** The answer is no JSON of Google's, as a proxy gives it. */
  | { readonly kind: "html"; readonly status: number }
  /** The operation that the call starts ends with an error, or does not end. */
  | { readonly kind: "operation"; readonly fate: "fails" | "never" };

export type Faults = {
  /** Planned for the next calls whose `METHOD path` fits, `times` of them. */
  plan(fits: RegExp | ((call: string) => boolean), fault: Fault, times?: number): void;
  take(call: string): Fault | null;
};

export function createFaults(): Faults {
  const planned: { readonly fits: (call: string) => boolean; readonly fault: Fault; left: number }[] = [];
  return {
    plan(fits, fault, times = 1) {
      planned.push({
        fits: typeof fits === "function" ? fits : (call) => fits.test(call),
        fault,
        left: times,
      });
    },
    take(call) {
      const next = planned.find(({ fits, left }) => left > 0 && fits(call));
      if (next === undefined) return null;
      next.left -= 1;
      return next.fault;
    },
  };
}

export const refusalOf = (fault: Fault & { kind: "refuse" }): Refusal =>
  new Refusal(fault.status, fault.reason, `The request was refused for the test: ${fault.reason}.`);
