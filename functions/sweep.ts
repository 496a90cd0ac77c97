import { wireSweep } from './wiring/sweep.ts';

const sweepAll = wireSweep(process.env);

/**
 * Runs every few minutes, and after a push to the repository of the configuration. Lambda retries a thrown error twice, then sends the event to the
 * dead-letter queue; the next scheduled run repeats all of it anyway.
 */
export async function handler(): Promise<void> {
  await sweepAll();
}
