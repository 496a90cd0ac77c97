import { wireSync } from './wiring/sync.ts';

/**
 * Runs one operation, payload `{app, seq}`, as a durable execution named `<app>-<seq>`. The outcome of an operation is its result, also after a failure. Any
 * other thrown error ends the execution as FAILED, and the payload goes to the dead-letter queue. After a crash, a timeout or a lost checkpoint Lambda
 * invokes again: finished steps are not repeated, the interrupted one is.
 */
export const handler = wireSync(process.env);
