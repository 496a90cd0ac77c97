import type { Command } from 'commander';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Declare } from '../verb.ts';

/** Verbs of `argocd app`, and what does the same here. */
const OF_ARGO_CD: Readonly<Record<string, string>> = {
  get: 'status APP',
  list: 'status',
  sync: 'sync APP',
  wait: 'wait APP',
  diff: 'drift APP, or driftless sync APP --dry-run',
  history: 'history APP',
  rollback: 'rollback APP',
  'terminate-op': 'terminate APP',
  delete: 'delete APP',
  manifests: 'render PATH',
  create: 'validate DIR, and commit the document to the configuration',
  set: 'validate DIR, and commit the document to the configuration',
};

/** Words that users of Argo CD and Flux type; they are not in the help. */
export const declareForeign: Declare = (program) => {
  hidden(program, 'app').action(([word = 'list']: readonly string[]) => refuse(`app ${word}`, OF_ARGO_CD[word]));
  hidden(program, 'reconcile').action(() => refuse('reconcile', 'sync APP'));
  hidden(program, 'terminate-op').action(() => refuse('terminate-op', 'terminate APP'));
};

function hidden(program: Command, name: string): Command {
  return program.command(name, { hidden: true }).argument('[words...]').allowUnknownOption().helpOption(false);
}

function refuse(written: string, meant: string | undefined): never {
  const remedy = meant === undefined ? 'driftless --help lists the verbs' : `write driftless ${meant}`;
  throw new DriftlessError('UsageInvalid', `${written}: is no verb; ${remedy}`);
}
