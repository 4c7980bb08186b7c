/**
 * Resolves when the process is asked to stop: by Ctrl-C, SIGTERM, SIGHUP, or because the launcher that started it was killed, so that no
 * server is left behind. On a second request the process exits immediately.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let requests = 0;
    const stop = () => {
      requests += 1;
      // One Ctrl-C may arrive twice, from the terminal and from the launcher: only a later one counts as a second request.
      if (requests > 1 && Date.now() - first > 500) process.exit(130);
      if (requests === 1) {
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
