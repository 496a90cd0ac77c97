import type { Command } from 'commander';
import { verb } from './verb.ts';

/** A verb about a folder with manifests. */
export function sourceVerb(program: Command, name: string, description: string): Command {
  return verb(program, name, description)
    .argument('<path>', 'folder with manifests, a kustomization or a chart')
    .option('--name <name>', 'name of the application and the Helm release (default: the folder’s name)')
    .option('--namespace <namespace>', 'for objects that name none (default: default)')
    .option('-f, --file <file>', 'take the options from the Application in this file');
}
