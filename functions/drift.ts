import type { Context } from 'aws-lambda';
import { parseDriftEvent } from './drift-event.ts';
import { wireDrift } from './wiring/drift.ts';

const drift = wireDrift(process.env);

/** Time reserved for the result: a scan starts no further applications when only this is left. */
const SPARE_MS = 20_000;

/**
 * Scans on a schedule, and checks what the audit log or an alarm names. Lambda retries a thrown error twice, then sends the event to the dead-letter
 * queue; a scan is safe to repeat, and the next one continues where a scan ran out of time.
 */
export async function handler(event: unknown, context: Context): Promise<unknown> {
  const request = parseDriftEvent(event);
  switch (request.kind) {
    case 'scan':
      return drift.scan({ ...request, withinMs: context.getRemainingTimeInMillis() - SPARE_MS });
    case 'check':
      return drift.check(request.apps);
    case 'diff':
      return drift.diff(request.diff);
    case 'audit':
      return drift.audit(request.event);
  }
}
