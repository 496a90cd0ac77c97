import { setTimeout } from 'node:timers/promises';
import { type Backoff, backoffDelay } from '../../async/backoff.ts';

const BACKOFF_MS: Backoff = { first: 10, longest: 500, jitter: 'full' };

/** How often a lost race is run again before it counts as a fault; about four seconds in all. */
export const RACES = 20;

/** Waits a random while that doubles with each attempt (full jitter), so that those who collided do not collide again. */
export async function backOff(attempt: number): Promise<void> {
  await setTimeout(backoffDelay(attempt + 1, BACKOFF_MS));
}
