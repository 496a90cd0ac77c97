/** Something wrong in the configuration. The message continues the field's name: what is wrong, what to write. */
export type ConfigProblem = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `spec.source.repo`; '' for the document as a whole. */
  readonly field: string;
  readonly message: string;
};
