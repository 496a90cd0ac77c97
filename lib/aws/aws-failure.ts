import { DriftlessError, type ErrorCode } from '../errors.ts';
import { type AwsFaultKind, awsFault } from '../model/aws-fault.ts';

const CODES: Readonly<Record<AwsFaultKind, ErrorCode>> = {
  denied: 'AwsAccessDenied',
  missing: 'AwsUnavailable',
  invalid: 'Internal',
  passing: 'AwsUnavailable',
};

/**
 * The error for a failed AWS call. `codes` replaces the defaults where the user can correct the cause, such as a missing resource.
 * @param subject the resource: `secret "driftless/webhooks"`
 */
export function awsFailure(
  subject: string,
  thrown: unknown,
  codes: Readonly<Partial<Record<AwsFaultKind, ErrorCode>>> = {},
): DriftlessError {
  if (thrown instanceof DriftlessError) return thrown;
  const { kind, words } = awsFault(thrown);
  return new DriftlessError(codes[kind] ?? CODES[kind], `${subject}: ${words}`, { cause: thrown });
}
