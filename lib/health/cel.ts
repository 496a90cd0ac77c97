// In: a CEL expression, and the object that it sees as `object` and `self`. Out: its value. May throw what the expression gets wrong, or that it takes too
// long: the expression itself has no loop without end, but loops in loops over long lists, and patterns, that take years.
import { Environment } from '@marcbachmann/cel-js';
import { withinTime } from './within-time.ts';

export type CelProgram = (object: unknown) => unknown;

/** How long one evaluation may take; an expression that looks for a condition takes 0.05 ms. */
const TIMEOUT_MS = 500;

const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 5_000, maxDepth: 100 },
})
  .registerVariable('object', 'dyn')
  .registerVariable('self', 'dyn');

/** Reads an expression. */
export function compileCel(text: string): CelProgram {
  const expression = environment.parse(text);
  const { valid, error } = expression.check();
  if (!valid) throw error;
  return (object) => {
    const value = withIntegers(object);
    return withoutIntegers(withinTime(TIMEOUT_MS, () => expression({ object: value, self: value })));
  };
}

/** Whole numbers of the API server are integers for CEL. */
function withIntegers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withIntegers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withIntegers(field)]));
}

/** What a rule may return, as plain data. */
function withoutIntegers(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(value);
}
