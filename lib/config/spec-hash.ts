import { createHash } from 'node:crypto';
import type { Application } from '../model/application.ts';

/** A hash that changes exactly when the application's specification does; the order of fields does not matter. */
export function specHash(app: Application): string {
  return createHash('sha256').update(JSON.stringify(app, inKeyOrder)).digest('hex');
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
