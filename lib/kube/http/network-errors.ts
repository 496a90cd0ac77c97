import { DriftlessError } from '../../errors.ts';

const TRANSIENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Node's codes for a certificate or handshake that cannot be verified. */
const UNTRUSTED = /CERT|SELF_SIGNED|TLS|SSL|EPROTO|UNABLE_TO_/;

const MESSAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be resolved',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the timeout',
  UND_ERR_HEADERS_TIMEOUT: 'no response within the timeout',
  UND_ERR_BODY_TIMEOUT: 'the response stopped halfway',
};

/** Whether an exchange failed with a network error that may pass. */
export function isTransientError(error: unknown): boolean {
  return TRANSIENT.has(codeOf(error));
}

/** Whether a failed exchange shows that another server, or none, has this name now. */
export function mayHaveMoved(error: unknown): boolean {
  const code = codeOf(error);
  return UNTRUSTED.test(code) || code === 'ENOTFOUND';
}

/** The error that a failed exchange ends with; an error that is not of network or TLS, as that of a guard, is returned unchanged. */
export function connectionError(error: unknown, server: string): unknown {
  const code = codeOf(error);
  if (error instanceof DriftlessError || code === '') return error;
  if (isTransientError(error) || code.startsWith('HPE_'))
    return unreachable(`API server ${server}: ${MESSAGES[code] ?? messageOf(error)} (${code})`, error);
  if (UNTRUSTED.test(code))
    return unreachable(
      `API server ${server}: its certificate cannot be verified: ${messageOf(error)}; check the certificate authority that is configured for it`,
      error,
    );
  return error;
}

function unreachable(message: string, cause: unknown): DriftlessError {
  return new DriftlessError('ApiServerUnreachable', message, { cause });
}

function codeOf(error: unknown): string {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return isObject(error) && 'message' in error ? String(error.message) : String(error);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
