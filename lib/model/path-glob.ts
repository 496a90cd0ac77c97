/**
 * Whether a text matches a glob in which `*` stands for any characters but `/`, and `**` for any characters. Each character of the text is looked at
 * once for each part of the glob, so that no glob can make it slow.
 */
export function matchesPathGlob(glob: string, text: string): boolean {
  const steps = glob.match(/\*{2,}|\*|[^*]/gu) ?? [];
  const characters = [...text];
  const begin: readonly boolean[] = [true, ...characters.map(() => false)];
  return steps.reduce((reached, step) => reachedBy(step, reached, characters), begin).at(-1) === true;
}

/** Whether the parts so far match the first n characters, for each n. */
function reachedBy(step: string, reached: readonly boolean[], characters: readonly string[]): readonly boolean[] {
  const next: boolean[] = [];
  for (const [n, isReached] of reached.entries()) {
    const character = characters[n - 1];
    const isLiteral = !step.startsWith('*');
    const goesOn = isLiteral ? reached[n - 1] === true && character === step : next[n - 1] === true;
    next.push(isLiteral ? goesOn : isReached || (goesOn && (step !== '*' || character !== '/')));
  }
  return next;
}
