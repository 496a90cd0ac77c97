import { runCommand } from '../../cli/run-command.ts';
import type { Ended } from './driftless.ts';

/** Runs a verb to its end in this process, as cli/main.ts does; what it prints is taken. One at a time. */
export async function runVerb(args: readonly string[]): Promise<Ended> {
  const streams = { stdout: process.stdout, stderr: process.stderr };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    streams[name].write = (text: string | Uint8Array): boolean => {
      printed[name] += text;
      return true;
    };
  }
  try {
    const exitCode = await runCommand(args);
    return { exitCode, ...printed };
  } finally {
    Object.assign(process.stdout, { write: writes.stdout });
    Object.assign(process.stderr, { write: writes.stderr });
  }
}
