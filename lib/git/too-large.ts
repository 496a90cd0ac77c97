import { DriftlessError } from '../errors.ts';
import type { GitLimits } from './limits.ts';

/** The error for an exceeded limit; it contains the name of the limit. */
export function tooLarge(
  subject: string,
  name: keyof GitLimits,
  { actual, limit }: { readonly actual: number; readonly limit: number },
): DriftlessError {
  return new DriftlessError('SourceTooLarge', `${subject}: ${name} would be ${actual}; the limit is ${limit}`);
}
