import { DriftlessError } from '../errors.ts';
import type { GitLimits } from './limits.ts';

/** The error for a limit that was passed; it names the limit. */
export function tooLarge(
  subject: string,
  name: keyof GitLimits,
  { actual, limit }: { readonly actual: number; readonly limit: number },
): DriftlessError {
  return new DriftlessError('SourceTooLarge', `${subject}: ${name} would be ${actual}; ${limit} is the most`);
}
