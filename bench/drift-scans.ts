import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ScanChildOptions = {
  readonly kubeconfig: string;
  readonly endpoint: string;
  readonly table: string;
  readonly blobsDir: string;
};

export type Scanned = {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMB: number;
  readonly objectsDrifted: number;
  readonly status: string;
};

type Answer = { readonly value?: Scanned; readonly error?: string };

/** As a function of little memory is started; with more, V8 would rather take it than tidy up. */
const SMALL = ['--max-semi-space-size=4', '--max-old-space-size=192'];

const CHILD = fileURLToPath(new URL('drift-child.ts', import.meta.url));

/** A process that scans when it is asked to. */
export async function startScans(
  options: ScanChildOptions,
): Promise<{ scan(): Promise<Scanned>; stop(): Promise<void> }> {
  const child = fork(CHILD, [JSON.stringify(options)], { serialization: 'json', execArgv: SMALL });
  await once(child, 'message');
  return {
    scan: async () => {
      const answered = once(child, 'message');
      child.send('scan');
      const [{ value, error }] = (await answered) as [Answer];
      if (value === undefined || value.status !== 'scanned') throw new Error(error ?? `the scan was ${value?.status}`);
      return value;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
