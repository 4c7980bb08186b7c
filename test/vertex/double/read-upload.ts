import { z } from "zod";
import { invalid } from "./refusal.ts";

const label = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const labels = z.record(
  z.string().regex(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u),
  z.string().regex(label),
);

/** REST reference v1, `models.upload`, with the limits of its fields. */
const upload = z.strictObject({
  modelId: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,62}$/)
    .optional(),
  parentModel: z.string().optional(),
  model: z.strictObject({
    displayName: z.string().min(1).max(128),
    description: z.string().default(""),
    artifactUri: z.string().regex(/^gs:\/\/[a-z0-9][a-z0-9._-]+\//),
    containerSpec: z.strictObject({ imageUri: z.string().regex(/-docker\.pkg\.dev\/|^gcr\.io\//) }),
    versionAliases: z.array(z.string().regex(/^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/)).default([]),
    labels: labels.default({}),
  }),
});
export type UploadRequest = z.output<typeof upload>;

const changes = z.strictObject({
  displayName: z.string().min(1).max(128).optional(),
  description: z.string().optional(),
  labels: labels.optional(),
});
export type Changes = z.output<typeof changes>;

const aliases = z.strictObject({
  versionAliases: z.array(z.string().regex(/^-?[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/)).min(1),
});

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`Invalid value at '${issue?.path.join(".")}': ${issue?.message}`);
}

export const readUpload = (body: unknown): UploadRequest => read(upload, body);
export const readAliases = (body: unknown): readonly string[] => read(aliases, body).versionAliases;

/** Only what the mask names is changed; a mask of nothing or of something else is refused. */
export function readChanges(body: unknown, mask: string): Changes {
  const fields = mask.split(",").filter((field) => field !== "");
  if (fields.length === 0) throw invalid("The update mask is empty.");
  const given = read(changes, body);
  for (const field of fields)
    if (!["displayName", "description", "labels"].includes(field))
      throw invalid(`The field '${field}' cannot be updated.`);
  return Object.fromEntries(Object.entries(given).filter(([field]) => fields.includes(field)));
}
