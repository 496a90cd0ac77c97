import { wireSync } from './wiring/sync.ts';

/**
 * Runs one operation, payload `{app, seq}`, as a durable execution named `<app>-<seq>`. How an operation ends is its result, also when it fails. What
 * is thrown beyond that ends the execution as FAILED, and the payload goes to the dead letters; a crash, a timeout or a lost checkpoint does not: Lambda
 * invokes again, finished steps are not repeated, and the one that was running is.
 */
export const handler = wireSync(process.env);
