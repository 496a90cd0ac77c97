/** Something wrong in the configuration. The message continues the field's name: what is wrong, what to write. */
export type ConfigProblem = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `spec.source.repo`; '' for the document as a whole. */
  readonly field: string;
  readonly message: string;
};

/** A problem as one line: `apps/shop.yaml:7: spec.source.repo: is missing; write a string`. */
export function formatProblem({ file, line, field, message }: ConfigProblem): string {
  return field === '' ? `${file}:${line}: ${message}` : `${file}:${line}: ${field}: ${message}`;
}

/** Problems in reading order. */
export function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
