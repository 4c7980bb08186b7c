import { type TestContext, test } from "vitest";

/** A set of adapters that a contract is held against; `skip` says why it cannot run here. */
export type Adapter<T> = {
  readonly name: string;
  readonly open: () => Promise<T> | T;
  readonly skip?: string | undefined;
};

/** Tests of one adapter: skipped with the adapter's reason where it cannot run. */
export const testOf =
  ({ skip }: Pick<Adapter<unknown>, "skip">) =>
  (name: string, work: (context: TestContext) => Promise<void>): void => {
    test(name, async (context) => {
      if (skip !== undefined) context.skip(skip);
      await work(context);
    });
  };
