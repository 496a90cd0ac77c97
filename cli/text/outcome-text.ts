// The text form of how an operation ended.
import type { Outcome } from '../../lib/model/operation.ts';
import { onOneLine } from './table.ts';

/** A line that says how it ended; below it, one a line and whole, what was refused. */
export function outcomeLines({ message, refusals = [] }: Outcome): readonly string[] {
  if (refusals.length === 0) return [onOneLine(message)];
  const [count = 'refused'] = message.split(':', 1);
  return [`${count}:`, ...refusals.map((refusal) => `  ${onOneLine(refusal)}`)];
}

/** The same where the sentence goes on with the outcome's message. */
export function withOutcome(sentence: string, outcome: Outcome | undefined): readonly string[] {
  if (outcome === undefined || !sentence.endsWith(outcome.message)) return [onOneLine(sentence)];
  const [first = '', ...refused] = outcomeLines(outcome);
  return [`${onOneLine(sentence.slice(0, sentence.length - outcome.message.length))}${first}`, ...refused];
}
