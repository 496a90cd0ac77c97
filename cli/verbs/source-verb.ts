import type { Command } from 'commander';
import { type VerbHelp, verb } from './verb.ts';

/** A verb about a folder with manifests. */
export function sourceVerb(program: Command, help: VerbHelp): Command {
  return verb(program, help)
    .argument('<path>', 'folder with manifests, a kustomization or a chart')
    .option('--name <name>', 'name of the application and of the Helm release (default: name of the folder)')
    .option('--namespace <namespace>', 'namespace of objects that do not set one (default: default)')
    .option(
      '-f, --file <file>',
      'read the options from the Application in this file; of several, from the one that --name names',
    );
}
