/** Objects that an outcome names; the change set has all of them. */
const NAMED = 20;

/** The first sentences of an outcome, and how many more there are. */
export function firstOf(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= NAMED) return sentences;
  return [...sentences.slice(0, NAMED), `and ${sentences.length - NAMED} more`];
}
