import { wireSweep } from './wiring/sweep.ts';

const sweepAll = wireSweep(process.env);

/**
 * Runs every few minutes, and when the configuration's repository was pushed to. What is thrown is tried again twice by Lambda and then is a dead letter;
 * the next schedule does all of it anyway.
 */
export async function handler(): Promise<void> {
  await sweepAll();
}
