/** A field of a live object, step by step; undefined where it is absent. */
export function fieldAt(value: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((found, step) => {
    if (Array.isArray(found) && typeof step === 'number') return found[step];
    return isFields(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }, value);
}

/** A list in a live object; empty where it is absent. */
export function listAt(value: unknown, ...steps: readonly (string | number)[]): readonly unknown[] {
  const found = fieldAt(value, ...steps);
  return Array.isArray(found) ? found : [];
}

/** A text in a live object; undefined where it is absent. */
export function textAt(value: unknown, ...steps: readonly (string | number)[]): string | undefined {
  const found = fieldAt(value, ...steps);
  return typeof found === 'string' ? found : undefined;
}

/** A number in a live object; 0 where it is absent. */
export function numberAt(value: unknown, ...steps: readonly (string | number)[]): number {
  const found = fieldAt(value, ...steps);
  return typeof found === 'number' ? found : 0;
}

function isFields(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
