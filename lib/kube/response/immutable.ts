import type { KubeCause, KubeStatus } from './api-status.ts';

/** Details of field errors of type Forbidden that no update of this object can avoid; from the validation sources of Kubernetes 1.30–1.36. */
const FORBIDDEN = [
  /^field is immutable( when `immutable` is set)?$/,
  /^updates to \w+ spec for fields other than /,
  /^updates to \w+ are forbidden\.$/,
  /^[\w.]+ is immutable after creation\b/,
  /^pod updates may not change fields other than /,
  /^may not be changed in an update\.$/,
];

/** The same for type Invalid; the value comes first there, so the match is at the end. */
const INVALID =
  /: (field is immutable|may not change once set|cannot change roleRef|field cannot be \w+ once (set|created))$/;

/**
 * Whether a 422 proves that only a new object can have the requested fields: every cause is a field that the API server's own validation
 * does not allow to change. `metadata` does not count, since a new object would be refused for it too.
 */
export function isImmutable({ reason, details: { causes } }: KubeStatus): boolean {
  return reason === 'Invalid' && causes.length > 0 && causes.every(isImmutableCause);
}

function isImmutableCause({ reason, field = '', message }: KubeCause): boolean {
  if (field === '' || field === 'metadata' || field.startsWith('metadata.')) return false;
  if (reason === 'FieldValueForbidden' && message.startsWith('Forbidden: ')) {
    const detail = message.slice('Forbidden: '.length);
    return FORBIDDEN.some((pattern) => pattern.test(detail));
  }
  return reason === 'FieldValueInvalid' && message.startsWith('Invalid value: ') && INVALID.test(message);
}
