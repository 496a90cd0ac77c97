import { z } from 'zod';

/** How an operation ended. */
export const outcomeStatus = z.enum([
  'synced',
  'unchanged',
  'degraded',
  'refused',
  'failed',
  'superseded',
  'rolledBack',
  'waiting',
]);
/** What triggers an operation. */
export const triggerKind = z.enum([
  'push',
  'config',
  'manual',
  'sweep',
  'drift',
  'rollback',
  'handover',
  'adopt',
  'resume',
  'terminate',
]);
/** The stage that an operation is in. */
export const phase = z.enum(['pending', 'resolve', 'fetch', 'render', 'plan', 'apply', 'wait', 'prune', 'done']);
