const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves on the first Ctrl-C or termination from now on; the second one ends the process as usual. */
export function onceInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
