import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { yaml } from './harness-manifests.ts';

const CANARIES = ['canary-bird-one', 'canary-bird-two', 'canary-bird-three', 'canary-bird-four'] as const;
const [ONE, TWO, THREE, FOUR] = CANARIES;

const base64 = (text: string) => Buffer.from(text).toString('base64');

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

function secret(fields: object) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, ...fields };
}

/** All that people, logs and records get to see of an application, and what the deployer remembers between two steps. */
async function shown(app: AppUnderTest): Promise<string> {
  const { state } = harness.deployer;
  const operations = await state.operations(app.name, 100);
  const planned = operations.filter(({ changeSetKey }) => changeSetKey !== undefined);
  const changeSets = await Promise.all(planned.map((operation) => app.changeSet(operation)));
  const record = await state.application(app.name);
  const stored = [...(await contents('journal')), ...(await contents('dynamodb'))];
  expect(stored.join()).toContain(app.name);
  return [JSON.stringify([operations, changeSets, record, harness.log]), ...stored].join('\n');
}

async function contents(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(harness.stateDir, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map((file) => readFile(file, 'latin1')));
}

test('a value of a Secret is deployed, and shows nowhere: not when it is new, changed, refused or in the way', async () => {
  const app = await harness.app({ 'login.yaml': yaml(secret({ stringData: { password: ONE } })) });
  await app.settled();
  expect((await app.live('v1', 'Secret', 'login'))?.data).toEqual({ password: base64(ONE) });

  const changed = await app.deploy({ 'login.yaml': yaml(secret({ data: { password: base64(TWO) } })) });
  expect(changed.outcome?.status).toBe('synced');
  expect(await app.changes(changed)).toContain(
    `    Secret/${app.name}/login: data.password: ••• (before) → ••• (after)`,
  );

  const refused = await app.deploy({ 'login.yaml': yaml(secret({ data: { password: `${THREE}!` } })) });
  expect(refused.outcome?.status).toBe('refused');

  const login = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login', namespace: app.name } };
  await harness.kube.applyAs('vault', { ...login, data: { password: base64(FOUR) } });
  const inTheWay = await app.deploy({ 'login.yaml': yaml(secret({ data: { password: base64(ONE) } })) });
  expect(await app.refusals(inTheWay)).toEqual([
    `Secret/${app.name}/login: data.password: field manager "vault" owns it; to leave it as it is, write \`drift: { ignore: [{ kind: Secret, name: "login", fields: ["data.password"] }] }\` in the Application's spec; to take it over, \`sync: { force: true }\` (login.yaml:1)`,
  ]);

  const text = await shown(app);
  for (const canary of CANARIES) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(base64(canary).slice(0, 16));
  }
});

test.each([
  ['YAML that does not parse', { 'a.yaml': `kind: Secret\nstringData:\n  password: ${ONE}\n\tuser: x` }],
  ['a key that stands twice', { 'a.yaml': `kind: Secret\nstringData:\n  password: ${ONE}\n  password: ${TWO}` }],
  ['a list instead of a map', { 'a.yaml': yaml(secret({ data: [base64(ONE)] })) }],
  ['a value that is no text', { 'a.yaml': yaml(secret({ stringData: { password: { nested: ONE } } })) }],
  ['an unknown field', { 'a.yaml': yaml(secret({ passwords: ONE })) }],
  [
    'a chart whose Secret is broken',
    {
      'Chart.yaml': yaml({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }),
      'values.yaml': yaml({ password: ONE }),
      'templates/a.yaml': 'kind: Secret\nstringData:\n  password: {{ .Values.password }}\n bad: x',
    },
  ],
])('the error about %s quotes no value', async (_what, files) => {
  const app = await harness.app(files);
  const { outcome } = await app.settled();

  expect(outcome?.status).toMatch(/^(failed|refused)$/);
  const text = await shown(app);
  for (const canary of [ONE, TWO]) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(base64(canary).slice(0, 16));
  }
});
