// In: a field as the API server names it in a conflict, `spec.ports[port=80,protocol="TCP"].name`. Out: the same field as rules and diffs write it,
// `spec.ports[80].name`. The server does not quote names that hold dots, so they are told by the object that was sent. Pure.
import { formatSteps, ITEM_KEYS, stepInto } from '../model/field-path.ts';

/** Writes a field as a rule would. */
export function conflictPath(field: string, object: unknown): string {
  const steps = stepsIn(field, object);
  return formatSteps(steps, object);
}

function stepsIn(field: string, object: unknown): readonly string[] {
  const steps: string[] = [];
  for (let [rest, at] = [field, object]; rest !== ''; ) {
    const { step, length } = nextStep(rest, at);
    steps.push(step);
    at = stepInto(at, step);
    rest = rest.slice(length).replace(/^\./, '');
  }
  return steps;
}

type Step = { readonly step: string; readonly length: number };

function nextStep(rest: string, at: unknown): Step {
  const item = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(rest);
  if (item !== null) return { step: itemName(item[1] ?? ''), length: item[0].length };
  const names = typeof at === 'object' && at !== null && !Array.isArray(at) ? Object.keys(at) : [];
  const fitting = names.filter(
    (name) => name !== '' && rest.startsWith(name) && /^[.[]?$/.test(rest.charAt(name.length)),
  );
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0] ?? /^[^.[]+/.exec(rest)?.[0] ?? rest;
  return { step: longest, length: longest.length };
}

/** Of `containerPort=80,protocol="TCP"` the value of the key that items are told apart by; of `="a"` the item itself. */
function itemName(keys: string): string {
  const values = new Map(
    [...keys.matchAll(/(\w*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, key = '', value = '']) => [key, unquoted(value)]),
  );
  const key = ITEM_KEYS.find((name) => values.has(name)) ?? [...values.keys()][0] ?? '';
  return values.get(key) ?? keys;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}
