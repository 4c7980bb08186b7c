import type { Settings } from "@mrdata/platform";

/** How new versions are certified under these settings, as a phrase. */
export const certifiedBy = ({
  missBudget,
  delta,
  days,
}: Settings["certificate"] & Pick<Settings, "missBudget">): string =>
  `for a miss budget of ${Number((100 * missBudget).toFixed(2))} % with a delta of ${delta}, by the last ${days} days (mrdata settings certificate.delta, certificate.days)`;
