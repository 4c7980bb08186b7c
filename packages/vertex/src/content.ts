import { createHash } from "node:crypto";

/**
 * The label with the hash of a version's content. Vertex AI has no request ids, so this is how an upload whose answer
 * came too late, or never, is found again.
 */
export const CONTENT_LABEL = "mrdata-content";

/** A label's value has up to 63 of `[a-z0-9_-]`: 160 bits of a hash are enough to tell versions apart. */
export function contentLabel({
  content,
  imageUri,
}: {
  readonly content: string;
  readonly imageUri: string;
}): string {
  return createHash("sha256").update(`${content}\n${imageUri}`).digest("hex").slice(0, 40);
}

/** The labels that users set. */
export function withoutContent(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { [CONTENT_LABEL]: _, ...own } = labels;
  return own;
}
