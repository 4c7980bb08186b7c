/**
 * Resolves when the process is asked to stop: Ctrl-C, SIGTERM, SIGHUP, or the launcher that started it being gone
 * (killed without a word), so that no server is left behind. Asked twice, the process ends at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    const stop = () => {
      asked += 1;
      // A terminal's Ctrl-C may arrive twice, from the terminal and from the launcher: only a later one is meant.
      if (asked > 1 && Date.now() - first > 500) process.exit(130);
      if (asked === 1) {
        first = Date.now();
        clearInterval(watch);
        resolve();
      }
    };
    let first = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    const launcher = Number(process.env.MRDATA_LAUNCHER ?? 0);
    const launched = process.ppid === launcher;
    const watch = setInterval(() => launched && process.ppid !== launcher && stop(), 250);
    watch.unref();
  });
}
