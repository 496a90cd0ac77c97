// What ends a verb that runs until it is stopped: Ctrl-C, a termination, or the end of its parent. A shell between npm and this process ends on SIGTERM
// without passing it on; this process would keep the port and the state.
import { readFileSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const POLL_MS = 500;

export type Interruption = (typeof SIGNALS)[number] | 'parent ended';

/** Resolves on the first Ctrl-C, termination or end of the parent from now on, and calls `say` at once; a second Ctrl-C ends the process as usual. */
export function onceInterrupted(say: (cause: Interruption) => void): Promise<Interruption> {
  return new Promise((resolve) => {
    const stop = (cause: Interruption): void => {
      for (const signal of SIGNALS) process.off(signal, stop);
      unwatch();
      say(cause);
      resolve(cause);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const unwatch = isDetached() ? () => undefined : watchParent(() => stop('parent ended'));
  });
}

/** An orphan gets another parent. The kernel sends no signal for that, so the parent's id is polled. */
function watchParent(ended: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) ended();
  }, POLL_MS).unref();
  return () => clearInterval(timer);
}

/** Started to outlive its parent: by init, or as the leader of a session (setsid). */
function isDetached(): boolean {
  if (process.ppid <= 1) return true;
  try {
    const [, afterName = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
    return afterName.split(' ')[3] === String(process.pid);
  } catch {
    return false;
  }
}
