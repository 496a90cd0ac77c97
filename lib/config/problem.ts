import type { ConfigProblem } from '../model/config-problem.ts';

/** A problem as one line: `apps/shop.yaml:7: spec.source.repo: is missing; write a string`. */
export function formatProblem({ file, line, field, message }: ConfigProblem): string {
  return field === '' ? `${file}:${line}: ${message}` : `${file}:${line}: ${field}: ${message}`;
}

/** Problems in reading order. */
export function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
