/**
 * What a failed call of an AWS service means: `denied` by policy or for its credentials, `missing` is what it names, `invalid` is the request itself, and
 * what is `passing` may work a moment later.
 */
export type AwsFaultKind = 'denied' | 'missing' | 'invalid' | 'passing';

/** `words` are the service's own, with the fault's name: `ThrottlingException: Rate exceeded`. */
export type AwsFault = { readonly kind: AwsFaultKind; readonly words: string };

/** Credentials that are wrong, expired or absent, and what policies, keys and subscriptions do not allow; each service has names of its own. */
const DENIED =
  /^(Access|Authorization|Decryption|NotAuthorized|Unauthorized|Forbidden|Kms.*(Denied|Disabled|NotFound|InvalidState|OptIn)|Expired|RequestExpired|Credentials|(Missing|InvalidClient)[A-Z]\w*Token|MissingAuth|UnrecognizedClient|InvalidAccessKey|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|OptInRequired|TokenRefreshRequired|InvalidToken)/i;
const MISSING = /^(ResourceNotFound|NotFound|NoSuch)/;
const INVALID = /^(Validation|InvalidParameter|InvalidRequest|InvalidArgument|Malformed|Serialization|TypeError)/;
const PASSING = /Throttl|TooMany|SlowDown|LimitExceeded|Timeout|Unavailable|InternalServ|InProgress|Conflict/;

/** Reads what an AWS SDK threw. The kind comes from the fault's name and status, never from its sentence. */
export function awsFault(thrown: unknown): AwsFault {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const words = [name === 'Error' ? '' : name, message || codeOf(thrown) || 'no answer'].filter(Boolean).join(': ');
  return { kind: kindOf(name, statusOf(thrown)), words };
}

function kindOf(name: string, status: number | undefined): AwsFaultKind {
  if (PASSING.test(name)) return 'passing';
  if (DENIED.test(name) || status === 401 || status === 403) return 'denied';
  if (MISSING.test(name)) return 'missing';
  return INVALID.test(name) || status === 413 ? 'invalid' : 'passing';
}

function statusOf(thrown: unknown): number | undefined {
  const metadata = fieldOf(thrown, '$metadata');
  const status = fieldOf(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

function codeOf(thrown: unknown): string {
  const code = fieldOf(thrown, 'code');
  return typeof code === 'string' ? code : '';
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
