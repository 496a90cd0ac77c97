import { setTimeout } from 'node:timers/promises';

const FIRST_MS = 10;
const LONGEST_MS = 500;

/** How often a lost race is run again before it counts as a fault; about four seconds in all. */
export const RACES = 20;

/** Waits a random while that doubles with each attempt (full jitter), so that those who collided do not collide again. */
export async function backOff(attempt: number): Promise<void> {
  await setTimeout(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt));
}
