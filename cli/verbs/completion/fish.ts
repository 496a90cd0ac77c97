import type { Completed, CompletedOption } from './completed.ts';

/** The script for fish. */
export function fishScript(verbs: readonly Completed[]): string {
  const lines = verbs.flatMap(({ name, description, values, options }) => [
    `complete -c driftless -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...(values.length === 0 ? [] : [`${after(name)} -f -a ${quoted(values.join(' '))}`]),
    ...options.map((option) => `${after(name)} ${optionFlags(option)}`),
  ]);
  return ['# fish completion of driftless', ...lines].join('\n');
}

function after(verb: string): string {
  return `complete -c driftless -n '__fish_seen_subcommand_from ${verb}'`;
}

function optionFlags({ flags, description, takesValue, values }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values.length === 0 ? ['-r'] : ['-x', `-a ${quoted(values.join(' '))}`];
  return [...names, ...(takesValue ? value : []), `-d ${quoted(description)}`].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
