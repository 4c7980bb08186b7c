/** How long something will take at the pace so far: `, about 3 min left`, or nothing while that is not known. */
export function etaOf(now: () => number): (done: number, of: number) => string {
  const started = now();
  return (done, of) => {
    const passed = now() - started;
    if (done <= 0 || passed < 2_000 || done >= of) return "";
    const seconds = ((passed / done) * (of - done)) / 1000;
    return `, about ${seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`} left`;
  };
}
