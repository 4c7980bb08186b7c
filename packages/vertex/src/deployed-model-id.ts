const MIN_ID = 1_000_000_000;
const ID_COUNT = 9_000_000_000n;

/**
 * The id of a deployed model: ten digits derived from the SHA-256 of its `model.bst`. An endpoint returns it (REST
 * reference, `endpoints.predict`: `deployedModelId`), so that the client knows which model answered.
 *
 * @param modelSha256 - Hexadecimal.
 * @example
 * ```ts
 * deployedModelIdOf("00000000000000000000000000000000"); // => "1000000000"
 * ```
 */
export const deployedModelIdOf = (modelSha256: string): string => {
  if (!/^[0-9a-f]{15,}$/.test(modelSha256))
    throw new RangeError(`'${modelSha256}' is not a SHA-256 in hexadecimal`);
  return String(MIN_ID + Number(BigInt(`0x${modelSha256.slice(0, 15)}`) % ID_COUNT));
};
