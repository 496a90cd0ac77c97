import type { Command } from 'commander';
import { EXIT, print } from '../../text/output.ts';
import { bashScript } from './bash.ts';
import { type Completed, completedOf } from './completed.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const SHELLS: Readonly<Record<string, (verbs: readonly Completed[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `completion SHELL`: a script for the verbs and options of this version. */
export function completion(shell: string, program: Command): number {
  print('text', undefined, () => SHELLS[shell]?.(completedOf(program)) ?? '');
  return EXIT.ok;
}
