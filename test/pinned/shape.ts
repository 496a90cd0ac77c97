/**
 * What JSON values are made of, without their values, as one text: `{ at: string, by?: string, held: [{ revision: string }] }`. Of several values, a field
 * that some of them lack has a `?`, and types that differ stand beside each other. `number` and `string` are all that is said of a scalar.
 */
export function shapeOf(...values: readonly unknown[]): string {
  const objects = values.filter(isObject);
  const lists = values.filter((value) => Array.isArray(value));
  const others = values.filter((value) => !isObject(value) && !Array.isArray(value)).map(scalarOf);
  const shapes = [
    ...new Set(others.toSorted()),
    ...(lists.length > 0 ? [`[${shapeOf(...lists.flat())}]`] : []),
    ...(objects.length > 0 ? [objectShape(objects)] : []),
  ];
  return shapes.join(' | ');
}

/** The same for the fields of objects, each with its own text. */
export function fieldsOf(...objects: readonly object[]): Readonly<Record<string, string>> {
  const names = [...new Set(objects.flatMap(namesOf))].toSorted();
  const entries = names.map((name) => {
    const having = objects.filter((one) => namesOf(one).includes(name));
    const held = having.map((one): unknown => one[name as keyof typeof one]);
    return [having.length < objects.length ? `${name}?` : name, shapeOf(...held)] as const;
  });
  return Object.fromEntries(entries);
}

function objectShape(objects: readonly object[]): string {
  const fields = Object.entries(fieldsOf(...objects)).map(([name, shape]) => `${name}: ${shape}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function namesOf(object: object): readonly string[] {
  return Object.entries(object).flatMap(([name, held]) => (held === undefined ? [] : [name]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function scalarOf(value: unknown): string {
  if (value instanceof Uint8Array) return 'bytes';
  return value === null ? 'null' : typeof value;
}
