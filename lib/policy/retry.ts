// In: how the operations of an application ended. Out: whether the newest one is tried again now. What only another commit or another configuration can put
// right is not; the rest is tried again after pauses that widen.
import { type ErrorCode, isErrorCode } from '../errors.ts';
import type { Operation } from '../model/operation.ts';

const MINUTE_MS = 60_000;

/** Minutes after the first failure, the second, and so on; the last one repeats. */
const PAUSES = [1, 2, 5, 10, 30, 60];

/** So many operations tell which pause is due. */
export const RETRIES_COUNTED = 30;

/** The same inputs end the same way. */
const BY_COMMIT: readonly ErrorCode[] = [
  'CommitNotFound',
  'ManifestInvalid',
  'PathNotFound',
  'RenderFailed',
  'RenderLimit',
  'SourceRefused',
  'SourceTooLarge',
  'StateTooLarge',
];

const BY_CONFIGURATION: readonly ErrorCode[] = ['ClusterNotConfigured', 'ConfigInvalid', 'ProjectForbids'];

/** Codes of the Git server and of the credentials for it. */
const BY_SOURCE: readonly ErrorCode[] = [
  'GitAccessDenied',
  'GitProtocol',
  'GitUnreachable',
  'RefNotFound',
  'RepositoryEmpty',
  'SecretInvalid',
];

/** Whether it may pass by itself, or by what the deployer does not see: a server that is away, a right that is given. */
function mayPass(code: string | undefined): boolean {
  return code === undefined || !isErrorCode(code) || ![...BY_COMMIT, ...BY_CONFIGURATION].includes(code);
}

/** Whether a newer configuration may put it right. */
export function isByConfiguration(code: string | undefined): boolean {
  return BY_CONFIGURATION.some((one) => one === code);
}

/** Whether it is over once Git answers. */
export function isBySource(code: string | undefined): boolean {
  return BY_SOURCE.some((one) => one === code);
}

/** Whether the newest operation has failed by what may pass, and was left alone long enough; `history` is newest first, without corrections of drift. */
export function isRetryDue(history: readonly Operation[], now: number): boolean {
  const [newest] = history;
  if (newest?.outcome?.status !== 'failed' || newest.endedAt === undefined) return false;
  if (!mayPass(newest.outcome.error?.code)) return false;
  const firstOther = history.findIndex(({ outcome }) => outcome?.status !== 'failed');
  const failures = firstOther === -1 ? history.length : firstOther;
  return now - Date.parse(newest.endedAt) > pauseAfter(failures);
}

/** The pause after so many failures in a row, in milliseconds. */
function pauseAfter(failures: number): number {
  return (PAUSES[Math.min(failures, PAUSES.length) - 1] ?? 1) * MINUTE_MS;
}
