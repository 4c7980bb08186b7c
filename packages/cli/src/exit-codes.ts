/** The exit codes of `mrdata`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notConfigured: 3,
  unhealthy: 4,
  interrupted: 130,
} as const;

/** An error for the person at the terminal: its message is printed without a stack trace, and the process exits with its code. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}
