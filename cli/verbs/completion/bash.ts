import type { Completed } from './completed.ts';

/** The script for bash; where nothing is offered, bash completes file names. */
export function bashScript(verbs: readonly Completed[]): string {
  return `# bash completion of driftless
_driftless() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${verbs.map(({ name }) => name).join(' ')} --help --version' -- "$current"))
    return
  fi
  case "$verb $previous" in
${verbs.flatMap(valueCases).join('\n')}
  esac
  case "$verb" in
${verbs.map(verbCase).join('\n')}
  esac
}
complete -o default -F _driftless driftless`;
}

/** After an option with a value come its values, or file names. */
function valueCases({ name, options }: Completed): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flags, values }) => {
      const offered = values.length === 0 ? '' : ` COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current"));`;
      return `    ${flags.map((flag) => `"${name} ${flag}"`).join('|')})${offered} return ;;`;
    });
}

function verbCase({ name, values, options }: Completed): string {
  const flags = options.flatMap((option) => option.flags).join(' ');
  const argument =
    values.length === 0
      ? ''
      : ` elif ((COMP_CWORD == 2)); then COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current"));`;
  return `    ${name}) if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '${flags}' -- "$current"));${argument} fi ;;`;
}
