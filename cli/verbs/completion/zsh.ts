import type { Completed, CompletedOption } from './completed.ts';

/** The script for zsh: to be sourced, or autoloaded as `_driftless`. */
export function zshScript(verbs: readonly Completed[]): string {
  return `#compdef driftless
_driftless() {
  local -a verbs
  verbs=(
${verbs.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${verbs.map(verbCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _driftless ]]; then
  _driftless "$@"
else
  compdef _driftless driftless
fi`;
}

function verbCase({ name, values, options }: Completed): string {
  const first = values.length === 0 ? "'*:file:_files'" : `'1:value:(${values.join(' ')})'`;
  return `    ${name}) _arguments ${[...options.flatMap(optionSpecs), first].join(' ')} ;;`;
}

/** One specification for each flag: `'(-o --output)--output[output format]:value:(text json)'`. */
function optionSpecs({ flags, description, takesValue, values }: CompletedOption): readonly string[] {
  const value = values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
  const text = description.replaceAll(/[[\]:\\]/g, '\\$&');
  return flags.map((flag) => quoted(`(${flags.join(' ')})${flag}[${text}]${takesValue ? value : ''}`));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
