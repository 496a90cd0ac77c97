// Keys of the blob store, and what is stored under them: compressed JSON that another version, or an operation after a crash, has to read.
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { packRendering, packRequest } from '../../lib/aws/lambda/render-codec.ts';
import { withEmulator } from '../lib/state/emulator.ts';
import { fieldsOf, shapeOf } from './shape.ts';
import { live } from './story.ts';
import { openWorld, type World } from './world.ts';

const emulator = withEmulator('dynoxide');
let world: World;

beforeEach(async () => {
  world = await openWorld(await emulator.open());
  await live(world);
});

/** The shape of all blobs whose key begins so. */
function blobsAt(prefix: string): string {
  const found = [...world.blobs].filter(([key]) => key.startsWith(prefix));
  return shapeOf(...found.map(([, bytes]) => JSON.parse(gunzipSync(bytes).toString())));
}

const ID = '{ group: string, kind: string, name: string, namespace: string }';
const KIND = '{ group: string, kind: string, namespaced: boolean, plural: string, version: string }';
const METADATA =
  '{ labels: { driftless.dev/app: string, driftless.dev/deployer: string }, name: string, namespace: string }';
const FIELDS = '[{ from: string, path: string, to: string }]';
const REFUSALS = '[{ id: { group: string, kind: string, name: string }, message: string, source: string }]';

test('renderings have a content key, plans and changes that of their operation, the memory of scans that of its cluster', () => {
  const keys = [...world.blobs.keys()].map((key) => key.replace(/(?<=^rendered\/(?:chart\/)?)[0-9a-f]{32}$/, '<hash>'));
  expect([...new Set(keys)].toSorted()).toEqual([
    'changes/blog/1',
    'changes/cart/1',
    'changes/shop/1',
    'changes/shop/2',
    'changes/shop/3',
    'changes/shop/4',
    'changes/shop/5',
    'changes/wiki/1',
    'drift/prod/seen',
    'plans/blog/1',
    'plans/cart/1',
    'plans/shop/1',
    'plans/shop/2',
    'plans/shop/3',
    'plans/shop/4',
    'plans/shop/5',
    'plans/wiki/1',
    'rendered/<hash>',
    'rendered/chart/<hash>',
  ]);
});

test('a rendering is a list of manifests, each with its file and, where a person wrote it, its line', () => {
  expect(blobsAt('rendered/')).toBe(
    '[{ file: string, line?: number, object: { apiVersion: string, data?: { value: string }, kind: string, metadata: { name: string } } }]',
  );
});

test('a plan holds objects, removals and refusals', () => {
  const object = `{ apiVersion: string, data: { value: string }, kind: string, metadata: ${METADATA} }`;
  const entry =
    '{ apiVersion: string, group: string, hash: string, kind: string, name: string, namespace: string, resourceVersion: string, uid: string }';
  expect(blobsAt('plans/')).toBe(
    [
      `{ objects: [{ action: string, fields: ${FIELDS}, force: boolean, hash: string, id: ${ID}, kind: ${KIND}`,
      `object: ${object}, phase: string, served: boolean, source: string, wave: number }]`,
      `refusals: ${REFUSALS}, removals: [{ action: string, entry: ${entry}, uid: string }] }`,
    ].join(', '),
  );
});

test('an object that is not written is planned without its content, with the version that the inventory will name', async () => {
  await world.deploy('shop', { kind: 'rollback', by: 'ann', toSeq: 2 });
  const plan = JSON.parse(gunzipSync(world.blobs.get('plans/shop/6') ?? '').toString());
  expect(fieldsOf(plan.objects[0])).toEqual({
    object: `{ apiVersion: string, kind: string, metadata: ${METADATA} }`,
    id: ID,
    kind: KIND,
    served: 'boolean',
    source: 'string',
    hash: 'string',
    action: 'string',
    fields: '[]',
    force: 'boolean',
    phase: 'string',
    wave: 'number',
    live: '{ resourceVersion: string, uid: string }',
  });
});

test('changes and refusals are kept as people are shown them', () => {
  expect(blobsAt('changes/')).toBe(
    `{ changes: [{ action: string, fields: ${FIELDS}, id: ${ID} }], refusals: ${REFUSALS} }`,
  );
});

test('a scan remembers, for each application, the versions that it has judged', () => {
  const [seen] = [...world.blobs].filter(([key]) => key === 'drift/prod/seen');
  expect(JSON.parse(gunzipSync(seen?.[1] ?? '').toString())).toEqual({
    blog: {
      stamp: expect.stringMatching(/^\d{10} [0-9a-f]{32} 2$/),
      versions: { '/ConfigMap/blog/posts': '!uid-7/15' },
    },
  });
});

test('what is too long for a message of the render function goes through these keys', async () => {
  const kept: string[] = [];
  const blobs = { put: async (key: string) => void kept.push(key), get: async () => undefined };
  const noise = randomBytes(4_000_000).toString('base64');
  const request = {
    tool: { kustomize: { allowRemoteBases: false } },
    path: 'deploy',
    name: 'shop',
    namespace: 'shop',
    kubeVersion: 'v1.36.0',
    apiVersions: [],
  };
  const file = new TextEncoder().encode(noise);
  const carried = [
    await packRequest({ ...request, files: new Map([['a', file]]) }, blobs),
    await packRendering(noise, blobs),
  ];
  expect(carried).toEqual(kept.map((key) => ({ key })));
  expect(kept.map((key) => key.replace(/[0-9a-f]{32}$/, '<hash>'))).toEqual([
    'render/requests/<hash>',
    'render/answers/<hash>',
  ]);
});
