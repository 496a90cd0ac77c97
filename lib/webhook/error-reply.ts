import type { DriftlessError, ErrorCode } from '../errors.ts';

/** The body of every answer that reports an error. */
export type ErrorBody = { readonly error: { readonly code: ErrorCode; readonly message: string } };

type ErrorStatus = 400 | 401 | 404 | 413 | 500 | 503;

const STATUS: Partial<Record<ErrorCode, ErrorStatus>> = {
  PayloadInvalid: 400,
  SignatureMismatch: 401,
  EndpointUnknown: 404,
  PayloadTooLarge: 413,
  TooManyDeliveries: 503,
  WebhookSecretMissing: 503,
  StateUnavailable: 503,
  AwsUnavailable: 503,
};

/** Errors of the deployer's own account, and defects, are logged and not returned to the sender. */
const WITHHELD: readonly ErrorCode[] = ['Internal', 'AwsUnavailable', 'AwsAccessDenied', 'SecretInvalid'];

/** The HTTP status of an error; 5xx makes the forge show the delivery as failed, so that it can be sent again. */
export function statusOf({ code }: DriftlessError): ErrorStatus {
  return STATUS[code] ?? 500;
}

/** The body for an error. */
export function errorBody({ code, message, hint }: DriftlessError): ErrorBody {
  const withheld = WITHHELD.includes(code);
  const text = withheld ? 'the delivery could not be handled; the log has the reason' : `${message}; ${hint}`;
  return { error: { code, message: text } };
}
