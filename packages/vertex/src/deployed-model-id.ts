const FIRST = 1_000_000_000;
const MANY = 9_000_000_000n;

/**
 * What a model is called where it is deployed: ten digits out of the SHA-256 of its `model.bst`. An endpoint answers with it (REST
 * reference, `endpoints.predict`: `deployedModelId`), so that whoever asks knows which bytes were asked.
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
  return String(FIRST + Number(BigInt(`0x${modelSha256.slice(0, 15)}`) % MANY));
};
