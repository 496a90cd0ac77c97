import type { ServedKind } from '../../model/cluster-api.ts';
import type { KubeCause, KubeStatus } from './api-status.ts';

type SafeMessage = {
  readonly message: string;
  readonly causes: readonly { readonly field?: string; readonly message: string }[];
};

const LONGEST = 1000;

/** Parts of the server's messages that contain names and types only, never a value of the object. */
const HARMLESS = [
  /^Internal error occurred: failed calling webhook "[^"]+"/,
  /^admission webhook "[^"]+" (denied the request|does not support dry run)/,
  /^ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request/,
  /^secrets "[^"]*" is forbidden: (ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request|User "[^"]*" cannot \w+ resource "secrets" in API group ""( in the namespace "[^"]*"| at the cluster scope)?|unable to create new content in namespace \S+ because it is being terminated|exceeded quota)/,
  /^secrets( "[^"]*")? (is forbidden: User "[^"]*" cannot \w+ resource "secrets" in API group ""( in the namespace "[^"]*"| at the cluster scope)?|not found)/,
  /^namespaces "[^"]*" not found$/,
  /^the server could not find the requested resource$/,
  /^Request entity too large: limit is \d+$/,
  /^etcdserver: [\w ]+$/,
  /field not declared in schema$/,
  /\bexpected (string|map|list|boolean|numeric)\b/,
  /\billegal base64 data\b/,
  /\bfield is immutable( when `immutable` is set)?$/,
];

/** Messages for the field errors of the API server's validation. */
const REASONS: Readonly<Record<string, string>> = {
  FieldValueNotFound: 'not found',
  FieldValueRequired: 'required value is missing',
  FieldValueDuplicate: 'duplicate value',
  FieldValueInvalid: 'invalid value',
  FieldValueNotSupported: 'unsupported value',
  FieldValueForbidden: 'forbidden',
  FieldValueTooLong: 'too long',
  FieldValueTooMany: 'too many',
  FieldValueTypeInvalid: 'invalid type',
};

const WITHHELD = "refused; the server's message is withheld, since it may quote a value of the Secret";

/**
 * The server's message about an object, safe to show. The server quotes values (`Invalid value: "…"`), so for a Secret only fields, reasons
 * and sentences that are known to contain no value are kept.
 */
export function safeMessage(status: KubeStatus, kind: ServedKind): SafeMessage {
  const causes = causesOf(status);
  if (kind.group !== '' || kind.kind !== 'Secret') {
    return {
      message: shorten(status.message),
      causes: causes.map(({ field, message }) => withField(field, shorten(message))),
    };
  }
  const harmless = causes.map(({ field, reason, message }) => withField(field, harmlessPart(message, reason)));
  const listed = harmless.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  return { message: listed.length > 0 ? listed.join('; ') : harmlessPart(status.message), causes: harmless };
}

/** Causes as the server lists them, else those that its message contains. */
function causesOf({ message, details }: KubeStatus): readonly KubeCause[] {
  if (details.causes.length > 0) return details.causes;
  const merge = /^failed to create typed \w+ object \([^)]*\): (errors:\n)?/.exec(message);
  if (merge !== null) {
    const lines = message.slice(merge[0].length).matchAll(/^ *\.(\S.*?): (.+)$/gm);
    return Array.from(lines, ([, field = '', text = '']) => ({ field, message: text }));
  }
  const strict = message.matchAll(/(unknown|duplicate) field "([^"]+)"/g);
  return Array.from(strict, ([, what, field = '']) => ({ field, message: `${what} field` }));
}

function harmlessPart(message: string, reason?: string): string {
  const match = HARMLESS.map((pattern) => pattern.exec(message)).find((found) => found !== null);
  return match?.[0] ?? REASONS[reason ?? ''] ?? WITHHELD;
}

function withField(field: string | undefined, message: string): { readonly field?: string; readonly message: string } {
  return field === undefined || field === '' || field === '<nil>' ? { message } : { field, message };
}

/** Without the types of Go, and with both ends of a long message: the server may quote a whole pod template between the field and the reason. */
function shorten(quoted: string): string {
  const text = quoted.replaceAll(/&value\.valueUnstructured\{Value:(.*)\}/g, '$1');
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST - 300)} … ${text.slice(-300)}`;
}
