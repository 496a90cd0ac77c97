import { DriftlessError } from '../../errors.ts';

const PASSING = new Set([
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

/** What Node calls a certificate, or a handshake, that is not as it should be. */
const UNTRUSTED = /CERT|SELF_SIGNED|TLS|SSL|EPROTO|UNABLE_TO_/;

const SAID: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time-out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer within the time-out',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half way',
};

/** Whether a failed exchange is a fault of the network that may pass. */
export function isPassing(fault: unknown): boolean {
  return PASSING.has(codeOf(fault));
}

/** Whether a failed exchange shows another server than was expected, or none under this name. */
export function mayHaveMoved(fault: unknown): boolean {
  const code = codeOf(fault);
  return UNTRUSTED.test(code) || code === 'ENOTFOUND';
}

/** The error that a failed exchange ends with; what is no fault of network or TLS is handed back as it is, as a guard's own error. */
export function faultError(fault: unknown, server: string): unknown {
  const code = codeOf(fault);
  if (fault instanceof DriftlessError || code === '') return fault;
  if (isPassing(fault) || code.startsWith('HPE_'))
    return unreachable(`API server ${server}: ${SAID[code] ?? messageOf(fault)} (${code})`, fault);
  if (UNTRUSTED.test(code))
    return unreachable(
      `API server ${server}: its certificate cannot be verified: ${messageOf(fault)}; check the certificate authority that is configured for it`,
      fault,
    );
  return fault;
}

function unreachable(message: string, cause: unknown): DriftlessError {
  return new DriftlessError('ApiServerUnreachable', message, { cause });
}

function codeOf(fault: unknown): string {
  return isObject(fault) && 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
}

function messageOf(fault: unknown): string {
  return isObject(fault) && 'message' in fault ? String(fault.message) : String(fault);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
