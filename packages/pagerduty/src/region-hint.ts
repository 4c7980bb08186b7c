const regions = {
  "api.pagerduty.com": "api.eu.pagerduty.com",
  "api.eu.pagerduty.com": "api.pagerduty.com",
} as const;

/**
 * What an unknown key may be: one of the other service region, whose keys this one does not know. Null where the base
 * URL is not PagerDuty's. A key is never tried at another address than its own.
 */
export function regionHint(base: string): string | null {
  for (const [here, other] of Object.entries(regions))
    if (new URL(base).host === here)
      return `the key is not known at ${here}; accounts of the other service region are at https://${other}: set MRDATA_PAGERDUTY_URL to it if yours is one`;
  return null;
}
