/**
 * The promise, or a rejection once it has taken `milliseconds`. Google's clients retry an unreachable service for
 * minutes; whoever holds a page cannot wait that long. What was begun may still happen afterwards.
 */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
