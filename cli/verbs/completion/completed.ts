import type { Command, Option } from 'commander';

/** What a shell completes after a verb. */
export type Completed = {
  readonly name: string;
  readonly description: string;
  /** Values of its first argument, where they are known. */
  readonly values: readonly string[];
  readonly options: readonly CompletedOption[];
};

export type CompletedOption = {
  /** `-o`, `--output` */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Its values, where they are known. */
  readonly values: readonly string[];
};

const HELP: CompletedOption = {
  flags: ['-h', '--help'],
  description: 'print this help',
  takesValue: false,
  values: [],
};

/** The verbs of a program, with what may follow them. */
export function completedOf(program: Command): readonly Completed[] {
  const verbs = program.commands.map((verb) => ({
    name: verb.name(),
    description: verb.description(),
    values: verb.registeredArguments[0]?.argChoices ?? [],
    options: [...verb.options.map(completedOption), HELP],
  }));
  const help = {
    name: 'help',
    description: 'print the help of a verb',
    values: verbs.map(({ name }) => name),
    options: [],
  };
  return [...verbs, help];
}

function completedOption({ short, long, description, required, argChoices }: Option): CompletedOption {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    takesValue: required,
    values: argChoices ?? [],
  };
}
