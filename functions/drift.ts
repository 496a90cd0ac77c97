import type { Context } from 'aws-lambda';
import { parseDriftEvent } from './drift-event.ts';
import { wireDrift } from './wiring/drift.ts';

const drift = wireDrift(process.env);

/** What is left of the function's time for the answer, when a scan stops to begin applications. */
const SPARE_MS = 20_000;

/**
 * Scans on a schedule, checks what the audit log or an alarm names. What is thrown is tried again twice by Lambda and then is a dead letter; a scan is
 * safe to repeat, and the next one goes on where one that ran out of time stopped.
 */
export async function handler(event: unknown, context: Context): Promise<unknown> {
  const wanted = parseDriftEvent(event);
  switch (wanted.kind) {
    case 'scan':
      return drift.scan({ ...wanted, withinMs: context.getRemainingTimeInMillis() - SPARE_MS });
    case 'check':
      return drift.check(wanted.apps);
    case 'audit':
      return drift.audit(wanted.event);
  }
}
