// What a repository, or its server, can do to a deployment. Every application here is wrong in its own way but one; all are deployed at once, and
// each ends in one clear error, while the good one is synced.
import type { ErrorCode } from '../../lib/errors.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Files } from '../lib/git/git-cli.ts';
import { answering, type HostileServer, lines, packAnswer, startHostileServer } from '../lib/git/hostile-server.ts';
import { BLOB, buildPack, commitOf, oid } from '../lib/git/pack-builder.ts';
import { openApiServer } from './api-server.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import {
  type AppSpec,
  configMap,
  type HostedRepository,
  PATIENCE_MS,
  startWorld,
  type World,
} from './hostile-world.ts';

const NAMESPACE = 'hostile-sources';
const MISSING = 'a'.repeat(40);
const CHART = 'apiVersion: v2\nname: chart\nversion: 1.0.0\n';
const aliasBomb = ['a: &a0 [xxxxxxxxxx]']
  .concat(Array.from({ length: 8 }, (_, level) => `b${level}: &a${level + 1} [${`*a${level}, `.repeat(9)}*a${level}]`))
  .join('\n');

type Row = {
  readonly files?: Files;
  readonly source?: object;
  readonly destination?: object;
  readonly code: ErrorCode | 'refused';
  readonly message: RegExp;
};

/** By what is wrong, which is also the folder in the repository. */
const rows: Readonly<Record<string, Row>> = {
  'an alias bomb': {
    files: { 'a.yaml': aliasBomb },
    code: 'ManifestInvalid',
    message: /a\.yaml:\d+: aliases stand for/,
  },
  'a tab': { files: { 'a.yaml': 'kind:\n\tx: 1\n' }, code: 'ManifestInvalid', message: /a\.yaml:2: a tab is used/ },
  'a duplicate key': {
    files: { 'a.yaml': 'a: 1\na: 2\n' },
    code: 'ManifestInvalid',
    message: /a\.yaml:2: duplicate key/,
  },
  'no kind': {
    files: { 'a.yaml': 'apiVersion: v1\nmetadata: {name: a}\n' },
    code: 'ManifestInvalid',
    message: /a\.yaml:1: kind missing/,
  },
  'a binary file': {
    files: { 'a.yaml': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]) },
    code: 'ManifestInvalid',
    message: /a\.yaml: is not UTF-8 text/,
  },
  'a path that leaves the repository': {
    files: { 'kustomization.yaml': 'resources: [../../../etc]\n' },
    code: 'SourceRefused',
    message: /kustomization\.yaml:1: resources: "\.\.\/\.\.\/\.\.\/etc" is outside the repository/,
  },
  'a symbolic link out of the repository': {
    files: { 'a.yaml': { link: '../../../../etc/passwd' } },
    code: 'SourceRefused',
    message: /its target leaves the repository/,
  },
  'a chart that fails': {
    files: { 'Chart.yaml': CHART, 'templates/a.yaml': '{{ fail "no region given" }}' },
    code: 'RenderFailed',
    message: /helm template failed: .*no region given/,
  },
  'a chart that prints 40 MB': {
    files: { 'Chart.yaml': CHART, 'templates/a.yaml': `${configMap('a')}\n# {{ repeat 41943040 "x" }}` },
    code: 'RenderLimit',
    message: /helm template prints more than 33554432 bytes/,
  },
  'a chart that prints 10 MB': {
    files: {
      'Chart.yaml': CHART,
      'templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: huge}\ndata: {a: {{ repeat 10485760 "x" }}}\n',
    },
    code: 'refused',
    message: /ConfigMap\/hostile-sources\/huge: .*too large/,
  },
  'a file of 20 MB': {
    files: { 'a.yaml': Buffer.alloc(20_000_000, '#') },
    code: 'SourceTooLarge',
    message: /objectBytes/,
  },
  'an object that the server does not know': {
    files: {
      'a.yaml': configMap('typo').replace('"data"', '"dta"'),
      'b.yaml': configMap('fine-beside-it'),
      'c.yaml': configMap('Upper_Case'),
    },
    code: 'refused',
    message: /^2 refused: .*dta: field not declared in schema \(.*a\.yaml:1\).*Upper_Case/,
  },
  'a namespace that is not there': {
    files: { 'a.yaml': configMap('a') },
    destination: { namespace: 'hostile-nowhere' },
    code: 'refused',
    message: /namespace "hostile-nowhere" does not exist; create it/,
  },
  'a commit that is not there': { source: { ref: MISSING }, code: 'CommitNotFound', message: new RegExp(MISSING) },
  'a branch that is not there': { source: { ref: 'mian' }, code: 'RefNotFound', message: /did you mean "main"\?/ },
  'a folder that is not there': { source: { path: 'nowhere' }, code: 'PathNotFound', message: /path "nowhere"/ },
  'rights that RBAC does not give': {
    files: { 'a.yaml': configMap('a') },
    destination: { namespace: NAMESPACE, cluster: 'limited' },
    code: 'ClusterAccessDenied',
    message: /may not list: .*system:serviceaccount:hostile-sources:nobody/,
  },
};

const pack = (() => {
  const { commit, entries } = commitOf({ 'a.yaml': oid('blob', Buffer.from('a')) });
  return { commit, bytes: packAnswer(buildPack([...entries, { code: BLOB, content: Buffer.from('a') }])) };
})();

/** Git servers that answer what none should; each is asked again several times. */
const servers = {
  'sends garbage': { body: Buffer.from('garbage garbage'), message: /the answer is no Git protocol/ },
  'is cut off in mid-pack': { body: pack.bytes.subarray(0, -20), message: /ends in the middle of a line|cut off/ },
  'is a web page': { body: lines('<html>'), advertisement: Buffer.from('<html>'), message: /no Git protocol/ },
} as const;

let world: World;
let repository: HostedRepository;
const hostile: HostileServer[] = [];

const nameOf = (what: string): string => what.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();

beforeAll(async () => {
  const api = openApiServer(kubeconfigPath());
  await api.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  await api.create(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, { metadata: { name: 'nobody' } });
  const { body } = await api.create(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts/nobody/token`, {});
  await api.close();
  world = await startWorld({ kubeconfig: { text: await kubeconfigWith((body['status'] as { token: string }).token) } });

  repository = await world.repository('shop');
  const files = Object.entries(rows).flatMap(([what, { files = {} }]) =>
    Object.entries(files).map(([path, content]) => [`${nameOf(what)}/${path}`, content] as const),
  );
  await repository.commit({ 'good/a.yaml': configMap('good'), ...Object.fromEntries(files) });
  const specs = Object.entries(rows).map(([what, { source, destination }]): AppSpec => {
    const own = { repo: repository.url, ref: 'main', path: nameOf(what), ...source };
    return { name: nameOf(what), source: own, destination: destination ?? { namespace: NAMESPACE } };
  });
  for (const [what, { body, ...rest }] of Object.entries(servers)) {
    const server = await startHostileServer(answering(body, 'advertisement' in rest ? rest.advertisement : undefined));
    hostile.push(server);
    const source = { repo: `${server.url}/shop`, ref: pack.commit, path: '' };
    specs.push({ name: nameOf(what), source, destination: { namespace: NAMESPACE } });
  }
  const good = { repo: repository.url, ref: 'main', path: 'good' };
  await world.load(
    [...specs, { name: 'good', source: good, destination: { namespace: NAMESPACE } }],
    [
      {
        apiVersion: 'driftless.dev/v1',
        kind: 'Cluster',
        metadata: { name: 'limited' },
        spec: { kubeconfig: { context: 'limited' } },
      },
    ],
  );
}, PATIENCE_MS);

afterAll(async () => {
  await world.stop();
  for (const server of hostile) await server.stop();
});

/** The kubeconfig of the shared control plane, with a second user who may do nothing. */
async function kubeconfigWith(token: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const { parse, stringify } = await import('yaml');
  const config = parse(await readFile(kubeconfigPath(), 'utf8'));
  config.users.push({ name: 'limited', user: { token } });
  config.contexts.push({ name: 'limited', context: { ...config.contexts[0].context, user: 'limited' } });
  return stringify(config);
}

test('an application beside many broken ones is synced (CVE-2022-39272)', async () => {
  expect(await world.ended('good', 1)).toMatchObject({ outcome: { status: 'synced', message: '1 created' } });
});

test.each(Object.entries(rows))(
  '%s ends the operation in one clear error',
  async (what, { code, message }) => {
    const { outcome, plan } = await world.ended(nameOf(what), 1);
    expect(outcome).toMatchObject(code === 'refused' ? { status: 'refused' } : { status: 'failed', error: { code } });
    expect(outcome?.message).toMatch(message);
    expect(plan?.created ?? 0).toBeLessThanOrEqual(1);
  },
  PATIENCE_MS,
);

test.each(Object.entries(servers))(
  'a Git server that %s ends the operation in one clear error, after it was tried again',
  async (what, { message }) => {
    const { outcome }: Operation = await world.ended(nameOf(what), 1);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'GitProtocol' } });
    expect(outcome?.message).toMatch(message);
    const tries = world.lines.filter(({ message: said, step }) => said.startsWith('step failed') && step === 'resolve');
    expect(tries.length).toBeGreaterThanOrEqual(5);
  },
  PATIENCE_MS,
);

test(
  'nothing of a broken application is in the cluster, and no error was one that nobody planned',
  async () => {
    for (const what of [...Object.keys(rows), ...Object.keys(servers)]) await world.ended(nameOf(what), 1);
    const cluster = await world.deployer.clusters.open('local');
    const kind = await cluster.kind('v1', 'ConfigMap');
    if (kind === undefined) throw new Error('ConfigMaps are not served');
    const { items } = await cluster.list({ kind, content: 'metadata', labelSelector: 'driftless.dev/app' });
    const here = items.filter(({ metadata }) => metadata.namespace === NAMESPACE);
    expect(here.map(({ metadata }) => metadata.name)).toEqual(['good']);
    expect(world.lines.filter(({ message, code }) => message === 'unexpected error' || code === 'Internal')).toEqual(
      [],
    );
  },
  PATIENCE_MS,
);

const nobody = 'https://git.example/nobody/knows';

test.each([
  ['of a repository that nobody configured', () => world.deliver(nobody, MISSING), 202, /no application uses this/],
  ['that is no push', () => world.deliver(nobody, MISSING, { ref: 7 }), 400, /push payload: ref/],
  ['of 10 MB', () => world.deliver(nobody, MISSING, { padding: 'x'.repeat(10_000_000) }), 413, /larger than 6 MB/],
  [
    'without signature',
    () => fetch(`${world.deployer.url}/webhooks/github`, { method: 'POST', body: '{}' }),
    401,
    /is missing/,
  ],
])('a delivery %s is answered at once and starts nothing (security case 25)', async (_what, send, status, words) => {
  const before = (await world.deployer.state.applications()).map(({ desiredSeq }) => desiredSeq);
  const reply = await send();
  expect([reply.status, await reply.text()]).toEqual([status, expect.stringMatching(words)]);
  expect((await world.deployer.state.applications()).map(({ desiredSeq }) => desiredSeq)).toEqual(before);
});
