import { DriftlessError, type ErrorCode } from '../errors.ts';
import { type AwsFaultKind, awsFault } from '../model/aws-fault.ts';

const CODES: Readonly<Record<AwsFaultKind, ErrorCode>> = {
  denied: 'AwsAccessDenied',
  missing: 'AwsUnavailable',
  invalid: 'Internal',
  passing: 'AwsUnavailable',
};

/**
 * The error that a failed call of AWS ends with. `codes` are for what is somebody's to correct there: a thing that is not there, or not fit.
 * @param subject what was called, for whom: `secret "driftless/webhooks"`
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
