// Names and types of all that `-o json` prints, and the exit codes: what scripts read.

import { inFolder } from '../cli/driftless.ts';
import { runVerb } from '../cli/in-process.ts';
import {
  APPLICATION,
  APPLICATIONS,
  ASKED,
  COMMIT,
  DRIFT,
  DRIFTS,
  EVENTS,
  HISTORY,
  OBJECTS,
  OPERATION,
  TREE,
  textOf,
} from './answer-shapes.ts';
import { withApiWorld } from './api-world.ts';
import { shapeOf } from './shape.ts';

const worlds = withApiWorld();

/** Exit code, and shape of what is printed. */
async function printed(...args: readonly string[]): Promise<readonly [number | null, string]> {
  const { exitCode, stdout } = await runVerb([...args, '-o', 'json']);
  return [exitCode, stdout === '' ? '' : shapeOf(JSON.parse(stdout))];
}

test.each([
  ['status', ['status'], 1, `[${textOf(APPLICATIONS)}]`],
  ['status of one', ['status', 'shop'], 1, textOf(APPLICATION)],
  ['get', ['get', 'shop'], 1, textOf({ app: 'string', ...OBJECTS })],
  ['get of selected ones', ['get', '-l', 'team=none'], 0, '[]'],
  ['tree', ['tree', 'shop'], 1, textOf(TREE)],
  ['events', ['events', 'shop'], 0, textOf(EVENTS)],
  ['logs', ['logs', 'shop'], 0, ''],
  ['history', ['history', 'shop'], 0, `[${textOf(HISTORY)}]`],
  ['drift', ['drift'], 1, `[${textOf(DRIFTS)}]`],
  ['drift of one', ['drift', 'blog'], 1, textOf(DRIFT)],
  ['sync', ['sync', 'shop', '--release'], 0, textOf(ASKED)],
  ['adopt', ['adopt', 'blog', '--from', 'west'], 0, textOf(ASKED)],
  [
    'orphans',
    ['orphans', '--cluster', 'prod'],
    1,
    '[{ cluster: string, count: number, orphans: [{ group: string, kind: string, name: string, namespace: string }], scannedAt: string, status: string }]',
  ],
  ['rollback', ['rollback', 'shop', '--to', '1'], 0, textOf(ASKED)],
  ['suspend', ['suspend', 'shop', '--reason', 'freeze'], 0, '{ at: string, by: string, reason: string }'],
  ['resume', ['resume', 'blog'], 0, '{ app: string, next: string, operation: string }'],
  ['an error', ['history', 'none'], 2, ''],
] as const)('%s', async (_verb, args, exitCode, shape) => {
  const api = await worlds.open();
  expect(await api.serving((url) => printed(...args, '--url', url))).toEqual([exitCode, shape]);
});

test('sync --wait prints the operation that has ended', async () => {
  const api = await worlds.open();
  await api.world.state.hold('shop', []);
  const [ended] = await api.serving((url) =>
    Promise.all([printed('sync', 'shop', '--wait', '--url', url), runWhenAsked()]),
  );
  expect(ended).toEqual([0, textOf({ ...OPERATION, commit: COMMIT, trigger: '{ by: string, kind: string }' })]);

  async function runWhenAsked(): Promise<void> {
    while ((await api.world.state.application('shop'))?.desiredSeq === 5) await api.world.clock.advance(1);
    await api.world.run('shop', 6);
  }
});

const APPLICATION_FILE = `apiVersion: driftless.dev/v1
kind: Application
metadata: { name: shop }
spec:
  source: { repo: https://git.test/acme/shop, path: deploy }
  destination: { namespace: shop }
`;

test('validate', async () => {
  await inFolder({ 'good/a.yaml': APPLICATION_FILE, 'bad/a.yaml': 'kind: Application\n' }, async (folder) => {
    expect(await printed('validate', `${folder}/good`)).toEqual([
      0,
      '{ applications: number, clusters: number, projects: number, repositories: number, valid: boolean }',
    ]);
    expect(await printed('validate', `${folder}/bad`)).toEqual([
      2,
      '{ problems: [{ field: string, file: string, line: number, message: string }], valid: boolean }',
    ]);
  });
});

test('render, and health', async () => {
  const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { value: "1" }\n';
  await inFolder({ 'shop/a.yaml': manifest }, async (folder) => {
    expect(await printed('render', `${folder}/shop`)).toEqual([
      0,
      '[{ apiVersion: string, data: { value: string }, kind: string, metadata: { labels: { driftless.dev/app: string }, name: string, namespace: string } }]',
    ]);
    expect(await printed('health', '-f', `${folder}/shop/a.yaml`)).toEqual([
      0,
      '[{ message: string, ref: string, status: string }]',
    ]);
  });
});

test('cost', async () => {
  const item = '{ purpose: string, quantity: number, unitPrice: number, usd: number, what: string }';
  expect(await printed('cost', '--apps', '10', '--pushes', '10', '--scan', '5m')).toEqual([
    0,
    textOf({
      prices: '{ currency: string, date: string, region: string }',
      workload: '{ apps: number, clusters: number, objects: number, pushes: number, scanEverySeconds: number }',
      items: `[${item}]`,
      subtotals: '{ deploy: number, scan: number, standing: number, sweep: number }',
      total: 'number',
      alternatives: '[{ name: string, usd: number }]',
    }),
  ]);
});
