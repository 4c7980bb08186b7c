/** A history file that cannot be used as it is; the message says what is wrong, where, and what to do. */
export class HistoryFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HistoryFileError";
  }
}
