/** A file of the history bucket, as it is just now. */
export type HistoryFile = {
  readonly name: string;
  /** Another whenever its content is another. */
  readonly generation: string;
  readonly bytes: number;
  /**
   * Who wrote it, as the store knows it or as the writer said; null where neither does. A bucket with uniform access tells
   * no owner: then it is the object's own metadata `written-by`, which anybody who may write can choose.
   */
  readonly writtenBy: string | null;
};

/** The files that a training may import: it lists them and reads them, and changes nothing. */
export type HistoryFiles = {
  /** In order of their names; folders in them are part of the name. */
  list(): Promise<readonly HistoryFile[]>;
  /** The bytes of that very generation; null where it is not there any more. */
  read(file: Pick<HistoryFile, "name" | "generation">): Promise<Uint8Array | null>;
};
