/** The message about a version that is the alert type's historical rate. */
export const standsInSentence = (version: string): string =>
  `The alert type's own rate has a certificate, and is ${version}: 'mrdata models promote ${version}'.`;
