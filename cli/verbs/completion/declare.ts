import { Argument } from 'commander';
import { type Declare, verb } from '../verb.ts';

export const declareCompletion: Declare = (program, finish) => {
  verb(program, {
    name: 'completion',
    description: 'print a script that completes verbs and options in a shell',
    examples: [
      'bash > ~/.local/share/bash-completion/completions/driftless',
      'zsh > ~/.zfunc/_driftless',
      'fish > ~/.config/fish/completions/driftless.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(['bash', 'zsh', 'fish']))
    .action(async (shell) => finish((await import('./run.ts')).completion(shell, program)));
};
