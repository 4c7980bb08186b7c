import { createHash } from "node:crypto";
import { messageOf } from "@mrdata/base";
import { type Calibration, readCalibration, readXgboost, type TreeModel, writeXgboost } from "@mrdata/forest";
import { NAMING_VERSION } from "@mrdata/incident";
import { z } from "zod";
import type { CertifyingRow } from "./certificate.ts";
import type { DetailColumns } from "./detail-columns.ts";
import type { DetailPresence } from "./detail-presence.ts";
import { FEATURE_SCHEMA, featureTable, featureTypes } from "./feature-table.ts";
import type { LearntRanges } from "./learnt-range.ts";
import { type ModelCard, modelCard } from "./model-card.ts";
import { type LearntNames, learntNamesSchema } from "./names/learnt-names.ts";
import { type TitleComponents, titleComponentsSchema } from "./title-components.ts";
import type { ValueEffects } from "./value-effects.ts";

/** A trained model with everything needed to evaluate it: the contents of a version's folder. */
export type ModelVersion = {
  readonly model: TreeModel;
  readonly calibration: Calibration;
  /** Probabilities issued in its backtest, ascending: they determine the uncertainty of a similar one. */
  readonly past: readonly number[];
  /** The incident details that it uses. */
  readonly details: DetailColumns;
  /** The effect of each value across services, where its details use that. */
  readonly valueEffects?: ValueEffects | undefined;
  /** The components of titles that it uses, where its details list some. */
  readonly titleComponents?: TitleComponents | undefined;
  /** What it has learnt of names; missing in versions of earlier programs. */
  readonly learntNames?: LearntNames | undefined;
  /** The range of each feature in its training data; missing in versions of earlier programs. */
  readonly ranges?: LearntRanges | undefined;
  /** Details that all training rows had, or none had; missing in versions of earlier programs. */
  readonly presence?: DetailPresence | undefined;
  /** The real incidents that certificates count; missing in versions of earlier programs. */
  readonly certifying?: CertifyingRows | undefined;
  readonly card: ModelCard;
};

/** The rows of a certificate that needed a human, or may have: its counts are made of these. */
export type RealRow = readonly [
  id: string,
  openedAt: number,
  probability: number,
  censored?: "censored" | undefined,
];
export type CertifyingRows = { readonly version: readonly RealRow[]; readonly fallback: readonly RealRow[] };

/** The certifying rows that a version stores. */
export const realRows = (rows: readonly CertifyingRow[]): readonly RealRow[] =>
  rows
    .filter(({ label }) => label === 0)
    .map(
      ({ id, openedAt, probability, censored }): RealRow =>
        censored === true ? [id, openedAt, probability, "censored"] : [id, openedAt, probability],
    );

/** The files of a version, as Vertex AI's prebuilt container and we read them. */
export const versionFiles = [
  "model.bst",
  "calibration.json",
  "features.json",
  "card.json",
  "card.html",
] as const;
export type VersionFile = (typeof versionFiles)[number];

/** The version cannot be used; the message says why, for people. */
export class ModelRefusedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ModelRefusedError";
  }
}

/** The part that is the same in every schema: the rest may have another shape. */
const anyFeatures = z.object({ schema: z.number() });
const features = anyFeatures.extend({
  details: z.object({
    numbers: z.array(z.string()),
    texts: z.array(z.string()),
    names: z.literal(true).optional(),
    effects: z.literal(true).optional(),
    learnt: z.literal(true).optional(),
    components: z.array(z.string()).optional(),
  }),
  valueEffects: z.object({ base: z.number(), effects: z.record(z.string(), z.number()) }).optional(),
  titleComponents: titleComponentsSchema.optional(),
  learntNames: learntNamesSchema.optional(),
  features: z.array(z.object({ name: z.string(), sentence: z.string(), type: z.enum(featureTypes) })),
  ranges: z.array(z.tuple([z.number(), z.number()]).nullable()).optional(),
  presence: z.record(z.string(), z.enum(["always", "never"])).optional(),
});
const realRow = z.tuple([z.string(), z.number(), z.number().min(0).max(1), z.literal("censored").optional()]);
const calibrations = z.object({
  calibration: z.unknown(),
  past: z.array(z.number().min(0).max(1)),
  certifying: z.object({ version: z.array(realRow), fallback: z.array(realRow) }).optional(),
});

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The files of a version. `html` renders the card's page from the card as written. */
export function writeVersion(
  version: Omit<ModelVersion, "card"> & { readonly card: Omit<ModelCard, "files"> },
  html: (card: ModelCard) => string,
): ReadonlyMap<VersionFile, Uint8Array> {
  const { model, calibration, past, details, valueEffects, titleComponents } = version;
  const { learntNames, ranges, presence, certifying } = version;
  const parts = new Map<VersionFile, Uint8Array>([
    ["model.bst", Buffer.from(writeXgboost(model))],
    ["calibration.json", json({ calibration, past, certifying })],
    [
      "features.json",
      json({
        schema: FEATURE_SCHEMA,
        details,
        features: featureTable(details),
        ranges,
        presence,
        valueEffects,
        titleComponents,
        learntNames,
      }),
    ],
  ]);
  const card: ModelCard = {
    ...version.card,
    files: Object.fromEntries([...parts].map(([name, bytes]) => [name, sha256(bytes)])),
  };
  return parts.set("card.json", sealCard(card)).set("card.html", Buffer.from(html(card)));
}

/** The input of a card's digest: JSON without the digest, so that whitespace does not matter. */
const digestOf = ({ digest, ...card }: Readonly<Record<string, unknown>>): string =>
  sha256(Buffer.from(JSON.stringify(card)));

/** The card's file, with the digest of its content, which reveals a threshold that was changed by hand. */
export const sealCard = (card: ModelCard): Uint8Array => json({ ...card, digest: digestOf(card) });

const sealed = z.looseObject({ digest: z.string() });

/** Reads only the card. Throws ModelRefusedError if it is missing or cannot be read. */
export async function readCard(read: (file: VersionFile) => Promise<Uint8Array | null>): Promise<ModelCard> {
  const bytes = await read("card.json");
  if (bytes === null) throw new ModelRefusedError("its card.json is missing");
  return parse("card.json", modelCard, bytes);
}

/**
 * Reads only the card, in its original form. Throws ModelRefusedError if it is missing, cannot be read, or was changed.
 */
export async function readSealedCard(
  read: (file: VersionFile) => Promise<Uint8Array | null>,
): Promise<ModelCard> {
  const bytes = await read("card.json");
  if (bytes === null) throw new ModelRefusedError("its card.json is missing");
  const card = parse("card.json", modelCard, bytes);
  const seal = parse("card.json", sealed, bytes);
  if (digestOf(seal) !== seal.digest)
    throw new ModelRefusedError("its card.json does not say any more what it was written with");
  return card;
}

/**
 * Reads the rows that a version's certificates count, without its model; undefined for versions of earlier programs.
 * Throws ModelRefusedError if they are missing, or not those that the card was written for.
 */
export async function readCertifyingRows(
  read: (file: VersionFile) => Promise<Uint8Array | null>,
  card: Pick<ModelCard, "files">,
): Promise<CertifyingRows | undefined> {
  const bytes = await read("calibration.json");
  if (bytes === null) throw new ModelRefusedError("its calibration.json is missing");
  if (sha256(bytes) !== card.files["calibration.json"])
    throw new ModelRefusedError("its calibration.json is not the one that its card was written for");
  return parse("calibration.json", calibrations, bytes).certifying;
}

/**
 * Reads what a version has learnt of names, without its model; undefined for versions of earlier programs. Throws
 * ModelRefusedError if that is missing, or not what the card was written for.
 */
export async function readLearntNames(
  read: (file: VersionFile) => Promise<Uint8Array | null>,
  card: Pick<ModelCard, "files">,
): Promise<LearntNames | undefined> {
  const written = card.files["features.json"];
  // A version written without it has learnt none.
  if (written === undefined) return undefined;
  const bytes = await read("features.json");
  if (bytes === null) throw new ModelRefusedError("its features.json is missing");
  if (sha256(bytes) !== written)
    throw new ModelRefusedError("its features.json is not the one that its card was written for");
  return parse("features.json", z.object({ learntNames: learntNamesSchema.optional() }), bytes).learntNames;
}

/**
 * Reads a version's files. Throws ModelRefusedError if one is missing or changed, or if the model was made for features
 * that this program does not compute: its numbers would mean something else.
 */
export async function readVersion(
  read: (file: VersionFile) => Promise<Uint8Array | null>,
): Promise<ModelVersion> {
  const bytesOf = async (file: VersionFile) => {
    const bytes = await read(file);
    if (bytes === null) throw new ModelRefusedError(`its ${file} is missing`);
    return bytes;
  };
  const card = await readSealedCard(read);
  const sound = async (file: VersionFile) => {
    const bytes = await bytesOf(file);
    if (sha256(bytes) !== card.files[file])
      throw new ModelRefusedError(`its ${file} is not the one that its card was written for`);
    return bytes;
  };
  const made = await sound("features.json");
  const others = "it was trained on other features than this program makes: train a new version";
  if (parse("features.json", anyFeatures, made).schema !== FEATURE_SCHEMA)
    throw new ModelRefusedError(others);
  const schema = parse("features.json", features, made);
  const table = featureTable(schema.details);
  if (
    table.length !== schema.features.length ||
    table.some(({ name }, i) => name !== schema.features[i]?.name)
  )
    throw new ModelRefusedError(others);
  const { calibration, past, certifying } = parse(
    "calibration.json",
    calibrations,
    await sound("calibration.json"),
  );
  try {
    const model = modelIn(await sound("model.bst"), card.files["model.bst"]);
    if (model.features !== table.length)
      throw new ModelRefusedError(`its model takes ${model.features} features, and ${table.length} are made`);
    const { details, valueEffects, titleComponents, learntNames, ranges, presence } = schema;
    if (details.effects === true && valueEffects === undefined)
      throw new ModelRefusedError("its features.json does not say what values say on any service");
    if ((details.components?.length ?? 0) !== (titleComponents?.length ?? 0))
      throw new ModelRefusedError(
        `its features.json names ${details.components?.length ?? 0} components of titles and has ${titleComponents?.length ?? 0}`,
      );
    if (details.learnt === true && learntNames === undefined)
      throw new ModelRefusedError("its features.json does not say what it has learnt of names");
    if (details.learnt === true && learntNames?.naming !== NAMING_VERSION)
      throw new ModelRefusedError(
        `it has learnt of names of version ${learntNames?.naming}, and this program makes version ${NAMING_VERSION}: train a new version`,
      );
    const read = readCalibration(calibration);
    return {
      model,
      calibration: read,
      past,
      details,
      valueEffects,
      titleComponents,
      learntNames,
      ranges,
      presence,
      certifying,
      card,
    };
  } catch (error) {
    if (error instanceof ModelRefusedError) throw error;
    throw new ModelRefusedError(messageOf(error));
  }
}

/** The last model read, and the hash of its file. */
let readLast: { readonly hash: string | undefined; readonly model: TreeModel } | null = null;

/** A cache, so that the same champion is not parsed again. Throws as `readXgboost` does. */
function modelIn(bytes: Uint8Array, hash: string | undefined): TreeModel {
  if (readLast !== null && hash !== undefined && readLast.hash === hash) return readLast.model;
  const model = readXgboost(Buffer.from(bytes).toString("utf8"));
  readLast = { hash, model };
  return model;
}

function parse<T>(file: VersionFile, schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new ModelRefusedError(`its ${file} is not JSON`);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ModelRefusedError(
    `its ${file} cannot be read: ${issue?.path.join(".") || "file"}: ${issue?.message}`,
  );
}
