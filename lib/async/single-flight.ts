/** Runs a piece of work once for all who want it at the same moment; nothing is remembered after its end. */
export function singleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key, work) => {
    const under = running.get(key);
    if (under !== undefined) return under;
    const started = work().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
