/** The current generation of a file in the history bucket. */
export type HistoryFile = {
  readonly name: string;
  /** Changes whenever the content changes. */
  readonly generation: string;
  readonly bytes: number;
  /**
   * Who wrote it, according to the store or to the writer; null if neither says. A bucket with uniform access has
   * no object owner: then it is the object's metadata `written-by`, which anybody who may write can choose.
   */
  readonly writtenBy: string | null;
};

/** The files that a training may import. Read-only. */
export type HistoryFiles = {
  /** Sorted by name; folders are part of the name. */
  list(): Promise<readonly HistoryFile[]>;
  /** The bytes of exactly that generation; null if it no longer exists. */
  read(file: Pick<HistoryFile, "name" | "generation">): Promise<Uint8Array | null>;
};
