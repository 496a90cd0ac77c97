import { join } from 'node:path';
import { withEmulator } from '../lib/state/emulator.ts';
import { readDump } from './dump.ts';
import { openWorld, type World } from './world.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/pinned/state-0.1.0');

/** Deployers of this version on what version 0.1.0 has left, each on a table of its own. */
export function withStateOf010(): { open(): Promise<World> } {
  const emulator = withEmulator('dynoxide');
  return { open: async () => openWorld(await emulator.open(), readDump(FOLDER)) };
}

/** Commits of the repository of `shop` in that state, in their order. */
export const SHOP_REVISIONS = [
  '8f9fb4259eae75e4d72a202174022375a6da1e7c',
  '9cd8c6b8d91efa9ddddbf7cee52890073c73a729',
  'a5afc579052a692313729aff16d8b3af4e20912d',
  '15c6460b31809e97e9b9d133558e2a2b47ff1da9',
] as const;

const SYNC = {
  mode: 'auto',
  prune: true,
  pruneProtected: [],
  maxPrunePercent: 50,
  allowEmpty: false,
  createNamespace: false,
  force: false,
  recreate: false,
  timeoutSeconds: 600,
} as const;

/** The applications as that version understood their configuration. */
export const APPLICATIONS = {
  shop: {
    name: 'shop',
    project: 'store',
    sources: [{ repo: 'https://git.test/acme/shop', ref: 'main', path: 'deploy', directory: { recurse: true } }],
    destination: { cluster: 'prod', namespace: 'shop' },
    sync: SYNC,
    drift: { mode: 'correct' },
    rollback: { alarms: ['shop-5xx', 'disk-full'], bakeTimeSeconds: 900 },
  },
  blog: {
    name: 'blog',
    project: 'default',
    sources: [{ repo: 'https://git.test/acme/blog', ref: 'main', path: 'deploy' }],
    destination: { cluster: 'prod', namespace: 'blog' },
    sync: SYNC,
    drift: { mode: 'report', ignore: [{ group: 'apps', kind: 'Deployment', fields: ['spec.replicas'] }] },
  },
  wiki: {
    name: 'wiki',
    project: 'default',
    sources: [
      {
        repo: 'https://git.test/acme/wiki',
        ref: 'main',
        path: 'chart',
        helm: { valueFiles: ['values.yaml'], values: { pages: 2 }, includeCRDs: true },
      },
    ],
    destination: { cluster: 'prod', namespace: 'wiki' },
    sync: SYNC,
    drift: { mode: 'correct' },
  },
  cart: {
    name: 'cart',
    project: 'default',
    sources: [{ repo: 'https://git.test/acme/shop', ref: 'main', path: 'cart' }],
    destination: { cluster: 'prod', namespace: 'cart' },
    sync: SYNC,
    drift: { mode: 'correct' },
  },
} as const;
