import { DriftlessError, type ErrorCode } from '../../lib/errors.ts';

/** What is wrong with a kubeconfig; the file's name is empty where it is none. */
export function kubeconfigProblem(
  file: string,
  message: string,
  code: ErrorCode = 'UsageInvalid',
  cause?: unknown,
): DriftlessError {
  return new DriftlessError(code, `kubeconfig${file === '' ? '' : ` ${file}`}: ${message}`, { cause });
}

/** The words of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}
