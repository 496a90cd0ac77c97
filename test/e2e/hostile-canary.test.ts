// A secret is planted in every credential and in every Secret, in forms that make servers and tools quote their input. A whole deployment later,
// refusals and failures included, it is looked for in everything that the deployer said, kept or passed on.
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { maskObject } from '../../lib/diff/mask.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { CANARY, canaryCases as cases, REPLACED, secretManifest as secret } from './hostile-canary-cases.ts';
import { type HostedRepository, PATIENCE_MS, startWorld, WEBHOOK_SECRET, type World } from './hostile-world.ts';

const NAMESPACE = 'hostile-canary';
const WEBHOOK = `${CANARY}-webhook`;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

let world: World;
let repository: HostedRepository;
const told: string[] = [];
const children: { readonly program: string; readonly passed: string }[] = [];

const PROGRAMS = /^(kubectl|helm|dynoxide)$/;

/** Node announces each child before it is started; what it was given is read once it runs. */
function watchChild(event: unknown): void {
  const child = (event as { process: ChildProcess }).process;
  child.once('spawn', () => {
    // A tool is started by the shell that confines it, and has the shell's environment.
    const program = child.spawnargs.map((argument) => basename(argument)).find((name) => PROGRAMS.test(name));
    if (program === undefined) return;
    children.push({ program, passed: [...child.spawnargs, environmentOf(child, program)].join('\n') });
  });
}

/** The emulator is asked for its version first, which may be over before anyone can look. */
function environmentOf({ pid }: ChildProcess, program: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch (error) {
    if (program === 'dynoxide') return '';
    throw error;
  }
}

const specs = () =>
  Object.keys(cases).map((name) => ({
    name,
    source: { repo: repository.url, ref: 'main', path: name, ...(name === 'good-chart' && inlineValues) },
    destination: { namespace: NAMESPACE },
    sync: { createNamespace: true },
  }));
const inlineValues = { helm: { values: { inline: `${CANARY}-inline` } } };
const credentialsOf = (name: string, url: string): object => ({
  apiVersion: 'driftless.dev/v1',
  kind: 'Repository',
  metadata: { name },
  spec: { url, credentials: { secret: name } },
});

beforeAll(async () => {
  subscribe('child_process', watchChild);
  world = await startWorld({
    gitCredentials: { username: 'driftless', password: CANARY },
    secrets: {
      webhooks: { github: [WEBHOOK, WEBHOOK_SECRET], gitlab: [WEBHOOK] },
      repositories: {
        shop: { kind: 'basic', username: 'driftless', password: CANARY },
        token: { kind: 'token', token: CANARY },
        app: { kind: 'githubApp', appId: '1', installationId: '2', privateKey: `-----BEGIN KEY-----\n${CANARY}` },
      },
    },
  });
  repository = await world.repository('shop');
  const [token, app] = [await world.repository('token'), await world.repository('app')];
  const files = Object.entries(cases).flatMap(([name, { files }]) =>
    Object.entries(files).map(([path, content]) => [`${name}/${path}`, content] as const),
  );
  await repository.commit(Object.fromEntries(files));
  const others = [token, app].map(({ url }, index) => ({
    name: ['token', 'app'][index] ?? '',
    source: { repo: url, ref: 'main', path: '' },
    destination: { namespace: NAMESPACE },
  }));
  await world.load(
    [...specs(), ...others],
    [credentialsOf('shop', repository.url), credentialsOf('token', token.url), credentialsOf('app', app.url)],
  );
}, PATIENCE_MS);

afterAll(async () => {
  unsubscribe('child_process', watchChild);
  await world.stop();
});

test.each(Object.entries(cases))(
  'the application %s ends as it should',
  async (name, { ends, message }) => {
    const { outcome } = await world.ended(name, 1);
    expect(outcome).toMatchObject({ status: ends, message: expect.stringMatching(message) });
  },
  PATIENCE_MS,
);

test.each(['token', 'app'])(
  'a repository whose %s is not accepted is an error without it (security case 16)',
  async (name) => {
    const { outcome } = await world.ended(name, 1);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'GitAccessDenied' } });
  },
  PATIENCE_MS,
);

describe('after a change of every secret, and deliveries that are refused', () => {
  beforeAll(async () => {
    for (const name of [...Object.keys(cases), 'token', 'app']) await world.ended(name, 1);
    const before = (await world.deployer.state.application('good'))?.desiredSeq ?? 0;
    const commit = await repository.commit({
      'good/a.yaml': secret('good', { data: { password: base64(REPLACED) }, stringData: { token: REPLACED } }),
      'good/b.yaml': secret('fixed', { immutable: true, stringData: { token: REPLACED } }),
    });
    told.push(await (await world.deliver(repository.url, commit)).text());
    expect(await world.ended('good', before + 1)).toMatchObject({
      outcome: { status: 'refused', message: expect.stringContaining('field is immutable') },
    });
    const next = await repository.commit({ 'good/b.yaml': cases['good']?.files['b.yaml'] ?? '' });
    told.push(await (await world.deliver(repository.url, next)).text());
    expect(await world.ended('good', before + 2)).toMatchObject({
      outcome: { status: 'synced', message: '1 configured, 1 unchanged' },
    });
    for (const forge of ['github', 'gitlab']) {
      const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'x-gitlab-token': 'guessed' };
      const reply = await fetch(`${world.deployer.url}/webhooks/${forge}`, { method: 'POST', headers, body: CANARY });
      expect(reply.status).toBe(401);
      told.push(await reply.text());
    }
  }, PATIENCE_MS);

  test('the change of a Secret is seen, its values are not (security case 29)', async () => {
    const [newest] = await world.deployer.state.operations('good', 1);
    const bytes = await world.deployer.blobs.get(newest?.changeSetKey ?? '');
    const { changes } = JSON.parse(gunzipSync(bytes ?? Buffer.alloc(0)).toString());
    expect(changes).toContainEqual({
      id: { group: '', kind: 'Secret', name: 'good', namespace: NAMESPACE },
      action: 'configured',
      fields: [
        { path: 'data.password', from: '••• (before)', to: '••• (after)' },
        { path: 'data.token', from: '••• (before)', to: '••• (after)' },
      ],
    });
  });

  test('no log line, answer, record, change set, journal or blob name has a secret (security case 27, GO-2022-0502)', async () => {
    expect(await leaksIn(['log', 'answers', 'records', 'changes', 'journal', 'blob names'])).toEqual([]);
  });

  test('the search finds what is there: the rendering of a Secret', async () => {
    expect(await leaksIn(['renderings'])).toEqual(['renderings']);
  });

  test('no program was given a secret, by argument or by environment (security case 5)', () => {
    expect(new Set(children.map(({ program }) => program))).toEqual(new Set(['dynoxide', 'helm', 'kubectl']));
    expect(children.filter(({ passed }) => holdsSecret(passed))).toEqual([]);
    const environments = children.filter(({ program }) => program !== 'dynoxide').map(({ passed }) => passed);
    expect(environments.filter((passed) => /AWS_|KUBECONFIG|DRIFTLESS/.test(passed))).toEqual([]);
  });

  test('what is kept on disk is for its owner alone (security case 22)', () => {
    const blobs = join(world.folder, 'state', 'blobs');
    const modes = ['.', ...readdirSync(blobs, { recursive: true, encoding: 'utf8' })].map((path) => {
      const { mode } = statSync(join(blobs, path));
      return `${statSync(join(blobs, path)).isDirectory() ? 'folder' : 'file'} ${(mode & 0o777).toString(8)}`;
    });
    expect(new Set(modes)).toEqual(new Set(['folder 700', 'file 600']));
  });

  test('a live Secret is printed without its values (security case 17)', async () => {
    const cluster = await world.deployer.clusters.open('local');
    const kind = await cluster.kind('v1', 'Secret');
    if (kind === undefined) throw new Error('Secrets are not served');
    const live = await cluster.get(kind, { group: '', kind: 'Secret', namespace: NAMESPACE, name: 'good' });
    if (live === undefined) throw new Error('the Secret is not there');
    expect(holdsSecret(JSON.stringify(live))).toBe(true);
    expect(
      holdsSecret(JSON.stringify(maskObject({ ...live, metadata: { ...live.metadata, managedFields: [] } }))),
    ).toBe(false);
  });
});

type Place = 'log' | 'answers' | 'records' | 'changes' | 'journal' | 'blob names' | 'renderings';

/** Which of these places has a secret in it. */
async function leaksIn(places: readonly Place[]): Promise<readonly Place[]> {
  const token = (await (await readKubeconfig({ path: kubeconfigPath() })).auth())['authorization'] ?? '';
  const { state } = world.deployer;
  const records = (await state.applications()).map(({ app }) => state.operations(app.name, 100));
  const folder = join(world.folder, 'state');
  const text: Record<Place, string> = {
    log: JSON.stringify(world.lines),
    answers: told.join('\n'),
    records: JSON.stringify(await Promise.all(records)),
    changes: contentsOf(join(folder, 'blobs', 'changes')),
    journal: contentsOf(join(folder, 'journal')),
    'blob names': readdirSync(join(folder, 'blobs'), { recursive: true, encoding: 'utf8' }).join('\n'),
    renderings: contentsOf(join(folder, 'blobs', 'rendered')),
  };
  expect(places.filter((place) => text[place].length < 100)).toEqual([]);
  return places.filter((place) => holdsSecret(text[place]) || text[place].includes(token.replace('Bearer ', '')));
}

/** The secret as it is, as Secrets have it, and as the header that a Git server is shown. */
function holdsSecret(text: string): boolean {
  const forms = [
    CANARY,
    base64(CANARY).slice(0, 12),
    base64(`driftless:${CANARY}`),
    base64(`x-access-token:${CANARY}`),
  ];
  return forms.some((form) => text.includes(form));
}

/** All files below a folder, unzipped where they are zipped. */
function contentsOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const files = paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path));
  return files
    .map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString())
    .join('\n');
}
