/** A history file that cannot be taken as it is; the message says what is wrong with it, where, and what to do. */
export class HistoryFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HistoryFileError";
  }
}
