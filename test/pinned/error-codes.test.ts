// Every code that the deployer fails with, whose move it is then, and whether it is tried again. Journals, records, answers of the API and people's scripts
// hold the codes: one may be added, none renamed.
import { DriftlessError, ERROR_CODES, isErrorCode } from '../../lib/errors.ts';

const CODES = [
  ['UsageInvalid', 'user', false],
  ['ConfigInvalid', 'user', false],
  ['ConfigEmpty', 'user', false],
  ['ProjectForbids', 'user', false],
  ['PrerequisiteMissing', 'user', false],
  ['ControlPlaneFailed', 'deployer', false],
  ['DeployerUnreachable', 'user', false],
  ['EndpointUnknown', 'user', false],
  ['WebhookSecretMissing', 'user', false],
  ['SignatureMismatch', 'user', false],
  ['PayloadInvalid', 'user', false],
  ['TooManyDeliveries', 'user', true],
  ['PayloadTooLarge', 'user', false],
  ['RequestInvalid', 'user', false],
  ['RequestRefused', 'user', false],
  ['TokenInvalid', 'user', false],
  ['ObjectUnknown', 'user', false],
  ['OperationUnknown', 'user', false],
  ['RollbackImpossible', 'user', false],
  ['NothingRuns', 'user', false],
  ['ScanUnfinished', 'deployer', false],
  ['GitUnreachable', 'git', true],
  ['GitAccessDenied', 'user', false],
  ['GitProtocol', 'git', true],
  ['RepositoryEmpty', 'user', false],
  ['RefNotFound', 'user', false],
  ['CommitNotFound', 'user', false],
  ['PathNotFound', 'user', false],
  ['SourceRefused', 'user', false],
  ['SourceTooLarge', 'user', false],
  ['ManifestInvalid', 'user', false],
  ['RenderFailed', 'user', false],
  ['RenderLimit', 'user', false],
  ['ClusterNotConfigured', 'user', false],
  ['ApiServerUnreachable', 'cluster', true],
  ['ApiServerRejected', 'cluster', false],
  ['ClusterAccessDenied', 'user', false],
  ['KindNotFound', 'user', true],
  ['SyncModeManual', 'user', false],
  ['ApplicationSuspended', 'user', false],
  ['RevisionHeld', 'user', false],
  ['AwsUnavailable', 'aws', true],
  ['AwsAccessDenied', 'user', false],
  ['SecretInvalid', 'user', false],
  ['StateUnavailable', 'aws', true],
  ['StateTooLarge', 'user', false],
  ['StateTooNew', 'user', false],
  ['LeaseLost', 'deployer', false],
  ['LeaseExpired', 'deployer', true],
  ['DeployerChanged', 'user', false],
  ['DeployerNotNoted', 'user', false],
  ['ApplicationUnknown', 'user', false],
  ['Internal', 'deployer', false],
] as const;

test('these are the codes, in the order of their documentation', () => {
  expect(ERROR_CODES).toEqual(CODES.map(([code]) => code));
});

test.each(CODES)('%s is for %s to act on, tried again: %s', (code, blame, retry) => {
  const error = new DriftlessError(code, 'what is wrong');
  expect({ blame: error.blame, retry: error.retry }).toEqual({ blame, retry });
  expect([isErrorCode(code), error.name]).toEqual([true, 'DriftlessError']);
});
