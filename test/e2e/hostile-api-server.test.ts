// An API server that goes away in the middle, has too much to do, or loses its answers: the deployment waits, goes on, and ends as without that.
import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type FaultyProxy, type ProxiedRequest, startFaultyProxy } from './hostile-proxy.ts';
import { configMap, type HostedRepository, PATIENCE_MS, startWorld, type World } from './hostile-world.ts';

const NAMESPACE = 'hostile-api-server';
const OBJECTS = 40;

let proxy: FaultyProxy;
let world: World;
const repositories = new Map<string, HostedRepository>();

const files = (value: string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: OBJECTS }, (_, index) => [`app/${index}.yaml`, configMap(`c-${index}`, { value })] as const),
  );

beforeAll(async () => {
  const { server, caData } = await readKubeconfig({ path: kubeconfigPath() });
  proxy = await startFaultyProxy(server, caData);
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  config.clusters[0].cluster = { server: proxy.url };
  world = await startWorld({ kubeconfig: { text: stringify(config) } });
}, PATIENCE_MS);

afterEach(() => proxy.decide(() => 'pass'));

afterAll(async () => {
  await world.stop();
  await proxy.close();
});

/** Deploys a first time in a namespace of its own, through a server that is well. */
async function deployed(name: string): Promise<HostedRepository> {
  const repository = await world.repository(name);
  repositories.set(name, repository);
  await repository.commit(files('before'));
  await world.load(
    [...repositories].map(([app, { url }]) => ({
      name: app,
      source: { repo: url, ref: 'main', path: 'app' },
      destination: { namespace: `${NAMESPACE}-${app}` },
      sync: { createNamespace: true },
    })),
  );
  expect(await world.ended(name, 1)).toMatchObject({ outcome: { status: 'synced' } });
  return repository;
}

/** Pushes a change of every object; gives the operation when it has ended. */
async function change(name: string, repository: HostedRepository): Promise<Operation> {
  const commit = await repository.commit(files('after'));
  expect((await world.deliver(repository.url, commit)).status).toBe(202);
  return world.ended(name, 2);
}

async function valuesOf(name: string): Promise<readonly unknown[]> {
  const cluster = await world.deployer.clusters.open('local');
  const kind = await cluster.kind('v1', 'ConfigMap');
  if (kind === undefined) throw new Error('ConfigMaps are not served');
  const query = { kind, namespace: `${NAMESPACE}-${name}`, labelSelector: `driftless.dev/app=${name}` } as const;
  const { items } = await cluster.list({ ...query, content: 'full' });
  return items.map(({ data }) => data);
}

const isWrite = ({ method, path }: ProxiedRequest): boolean => method === 'PATCH' && !path.includes('dryRun');
const all = (value: string): readonly unknown[] => Array.from({ length: OBJECTS }, () => ({ value }));

async function expectWhole(name: string, operation: Operation): Promise<void> {
  expect(operation).toMatchObject({ outcome: { status: 'synced', message: `${OBJECTS} configured` } });
  expect(await valuesOf(name)).toEqual(all('after'));
  const inventory = await world.deployer.state.inventory(name);
  expect(inventory.filter(({ hash, uid }) => hash !== undefined && uid !== undefined)).toHaveLength(OBJECTS);
  expect(proxy.spoiled).toBeGreaterThan(0);
}

test(
  'an API server that is gone in mid-apply, and back after a while, has the whole deployment in the end',
  async () => {
    const repository = await deployed('gone');
    let writes = 0;
    const back = new Promise<void>((resolve, reject) => {
      proxy.decide((request) => {
        writes += isWrite(request) ? 1 : 0;
        if (writes !== OBJECTS / 2 || !isWrite(request)) return 'pass';
        proxy.close().then(() => setTimeout(() => proxy.open().then(resolve, reject), 3_000), reject);
        return 'hang up';
      });
    });
    const operation = await change('gone', repository);
    await back;
    await expectWhole('gone', operation);
  },
  PATIENCE_MS,
);

test(
  'an API server that has too much to do is waited for as long as it asks',
  async () => {
    const repository = await deployed('busy');
    const tooMany = {
      status: 429,
      headers: { 'retry-after': '1' },
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'TooManyRequests',
        message: 'too many',
        code: 429,
      },
    };
    const until = performance.now() + 2_500;
    const times: number[] = [];
    proxy.decide(() => {
      times.push(performance.now());
      return performance.now() < until ? tooMany : 'pass';
    });
    await expectWhole('busy', await change('busy', repository));
    expect(times.filter((time) => time < until).length).toBeLessThan(4 * 32);
  },
  PATIENCE_MS,
);

test(
  'an API server whose answers are lost has each object written as it should be',
  async () => {
    const repository = await deployed('lossy');
    let writes = 0;
    proxy.decide((request) => {
      writes += isWrite(request) ? 1 : 0;
      return isWrite(request) && writes % 3 === 0 && writes < OBJECTS ? 'lose the answer' : 'pass';
    });
    await expectWhole('lossy', await change('lossy', repository));
  },
  PATIENCE_MS,
);

test(
  'of two pushes within one second the second one is what is live (security case 20)',
  async () => {
    const repository = await deployed('twice');
    const first = await repository.commit(files('between'));
    const answers = [world.deliver(repository.url, first)];
    const second = await repository.commit(files('after'));
    answers.push(world.deliver(repository.url, second));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202]);
    const { desiredSeq = 0 } = (await world.deployer.state.application('twice')) ?? {};
    const ends: Operation[] = [];
    for (let seq = 2; seq <= desiredSeq; seq += 1) ends.push(await world.ended('twice', seq));
    expect(await valuesOf('twice')).toEqual(all('after'));
    const record = await world.deployer.state.application('twice');
    expect(record).toMatchObject({ lastSync: { revision: second } });
    expect(record).not.toHaveProperty('lease');
    expect(ends.filter(({ outcome }) => outcome?.status === 'failed')).toEqual([]);
  },
  PATIENCE_MS,
);
