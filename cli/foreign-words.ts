import { DriftlessError } from '../lib/errors.ts';

/** What does the same here as a verb of `argocd app`. */
const OF_ARGO_CD: Readonly<Record<string, string>> = {
  get: 'status APP, or driftless get APP',
  list: 'status',
  sync: 'sync APP',
  wait: 'wait APP',
  diff: 'diff APP',
  history: 'history APP',
  rollback: 'rollback APP',
  'terminate-op': 'terminate APP',
  delete: 'delete APP',
  logs: 'logs APP',
  resources: 'get APP',
  manifests: 'render PATH',
  create: 'validate DIR, and commit the document to the configuration',
  set: 'validate DIR, and commit the document to the configuration',
};

/** Verbs of other tools that stand alone. */
const ALONE: Readonly<Record<string, string>> = { reconcile: 'sync APP', 'terminate-op': 'terminate APP' };

/** The error for a command line of Argo CD or Flux; undefined for any other. */
export function foreignVerb([first = '', second = 'list']: readonly string[]): DriftlessError | undefined {
  const isApp = first === 'app' || first === 'apps';
  const known = isApp ? OF_ARGO_CD : ALONE;
  const word = isApp ? second : first;
  if (!isApp && !Object.hasOwn(ALONE, word)) return undefined;
  const remedy = Object.hasOwn(known, word) ? `write driftless ${known[word]}` : 'driftless --help lists the verbs';
  return new DriftlessError('UsageInvalid', `${isApp ? `app ${word}` : word}: is no verb; ${remedy}`);
}
