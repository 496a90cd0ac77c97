/** A field below a path as people write it: `spec.replicas`; a name with a dot or slash is quoted: `metadata.labels["app.kubernetes.io/name"]`. */
export function joinField(path: string, field: string): string {
  if (!/^[\w-]+$/.test(field)) return `${path}[${JSON.stringify(field)}]`;
  return path === '' ? field : `${path}.${field}`;
}

/** The steps of a path as diffs print it, in a value that tells items of lists from fields. */
export function formatSteps(steps: readonly string[], value: unknown): string {
  let [path, at] = ['', value];
  for (const step of steps) {
    path = Array.isArray(at) ? `${path}[${step}]` : joinField(path, step);
    at = stepInto(at, step);
  }
  return path;
}

/** What is at one step of a path: a field, or the item of a list that goes by this key; undefined where there is none. */
export function stepInto(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value.find((item) => ITEM_KEYS.some((key) => String(fieldOf(item, key)) === step));
  return fieldOf(value, step);
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? Reflect.get(value, field)
    : undefined;
}

/** Fields by which items of a list are told apart, in the order of trying; the API's own merge keys. */
export const ITEM_KEYS = [
  'name',
  'key',
  'mountPath',
  'containerPort',
  'port',
  'devicePath',
  'topologyKey',
  'ip',
  'uid',
  'type',
] as const;

/**
 * The steps of a path as diffs print it, or of a JSON pointer: names of fields, keys or places of items, `*` for any. `*` alone, or the empty pointer `/`,
 * is the whole object. Undefined where the text is neither.
 */
export function parseFieldPath(text: string): readonly string[] | undefined {
  if (text === '*' || text === '/') return [];
  if (text.startsWith('/')) return parsePointer(text);
  const steps: string[] = [];
  let rest = text;
  while (rest !== '') {
    const step = (steps.length === 0 ? FIRST : NEXT).exec(rest)?.groups;
    const name = step?.['field'] ?? step?.['item'] ?? unquoted(step?.['quoted']);
    if (step === undefined || name === undefined) return undefined;
    steps.push(name);
    rest = step['rest'] ?? '';
  }
  return steps.length === 0 ? undefined : steps;
}

// Each name of a group stands once: older versions of Node.js refuse a name that two alternatives have.
const ITEM = String.raw`\[(?<quoted>"(?:[^"\\]|\\.)*")\]|\[(?<item>[^\]"]+)\]`;
const FIRST = new RegExp(String.raw`^(?:(?<field>[\w*-]+)|${ITEM})(?<rest>.*)$`, 's');
const NEXT = new RegExp(String.raw`^(?:\.(?<field>[\w*-]+)|${ITEM})(?<rest>.*)$`, 's');

/** RFC 6901. */
function parsePointer(text: string): readonly string[] | undefined {
  if (/~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unquoted(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
