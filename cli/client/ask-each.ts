// In: applications, and what is asked for each. Out: the answers; where one goes wrong, the others are asked all the same, and it is told on standard error. One
// application alone throws what goes wrong.
import { mapBounded } from '../../lib/async/map-bounded.ts';
import { asDriftlessError, DriftlessError } from '../../lib/errors.ts';
import type { Seen } from '../exit-code.ts';
import { type Format, printError } from '../text/output.ts';
import { AT_ONCE } from './chosen-applications.ts';

/** `failed` is how many have no answer. */
export type Answers<T> = { readonly answers: readonly T[]; readonly failed: number };

type Asking<A, T> = { readonly ask: (item: A) => Promise<T>; readonly nameOf: (item: A) => string };

/** Asks for each of them. */
export async function askEach<A, T>(
  items: readonly A[],
  { ask, nameOf }: Asking<A, T>,
  format: Format,
): Promise<Answers<T>> {
  if (items.length === 1) return { answers: await mapBounded(items, 1, ask), failed: 0 };
  const settled = await mapBounded(items, AT_ONCE, async (item) => {
    try {
      return { answer: await ask(item) };
    } catch (thrown) {
      return { error: named(nameOf(item), asDriftlessError(thrown)) };
    }
  });
  const errors = settled.flatMap(({ error }) => error ?? []);
  for (const error of errors) printError(error, format);
  return { answers: settled.flatMap((one) => ('answer' in one ? [one.answer as T] : [])), failed: errors.length };
}

/** What has no answer, for the exit code. */
export function noAnswers(failed: number): readonly Seen[] {
  return failed > 0 ? ['unknown'] : [];
}

function named(app: string, error: DriftlessError): DriftlessError {
  const { code, message, hint } = error;
  const subject = `Application/${app}: `;
  return message.startsWith(subject) ? error : new DriftlessError(code, `${subject}${message}`, { hint });
}
