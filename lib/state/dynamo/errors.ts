import { DriftlessError } from '../../errors.ts';
import { awsFault } from '../../model/aws-fault.ts';

/** What the AWS SDK throws, as our error: what may pass is StateUnavailable, a malformed request is a defect of ours. */
export function stateFault(subject: string, thrown: unknown): DriftlessError {
  if (thrown instanceof DriftlessError) return thrown;
  const { kind, words } = awsFault(thrown);
  const code = kind === 'denied' ? 'AwsAccessDenied' : kind === 'invalid' ? 'Internal' : 'StateUnavailable';
  return new DriftlessError(code, `${subject}: ${words}`, { cause: thrown });
}

/** The table has no application of this name. */
export function applicationUnknown(app: string): DriftlessError {
  return new DriftlessError('ApplicationUnknown', `Application/${app}: there is no such application; declare it first`);
}

/** A worker wrote under a fence that is no longer the highest. */
export function leaseLost({ app, seq, fence }: { app: string; seq: number; fence: number }): DriftlessError {
  return new DriftlessError(
    'LeaseLost',
    `Application/${app}: operation ${seq} lost its lease (fence ${fence}); stop it and write nothing more`,
  );
}
