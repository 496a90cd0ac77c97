import { DriftlessError, type ErrorCode } from '../../lib/errors.ts';

/** A problem in a kubeconfig; the file name is empty where the kubeconfig is not a file. */
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
