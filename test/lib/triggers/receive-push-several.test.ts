import { DriftlessError } from '../../../lib/errors.ts';
import type { ApplicationRecord, LastSync } from '../../../lib/model/application-record.ts';
import type { Git } from '../../../lib/ports/git.ts';
import { receivePush } from '../../../lib/triggers/receive-push.ts';
import { fromGithub, githubExamples, jsonBytes } from '../webhook/deliveries.ts';
import { exampleApp, fakeReceivePorts } from './receive-ports.ts';

const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const branchPush = { ...githubExamples('push').find(({ ref }) => ref === 'refs/heads/master') };
const push = { forge: 'github', ...fromGithub(jsonBytes(branchPush)) };
const asyncThrow = (error: Error) => async () => {
  throw error;
};

describe('of several applications of one repository', () => {
  const apps = ['api', 'cart', 'web'].map((name) => exampleApp(name, 'master'));
  const lastSync = (app: string): LastSync => ({
    revision: 'a commit before',
    seq: 3,
    specHash: 'hash',
    inputs: [{ path: app, oid: `${app} before` }],
    renderedKey: 'rendered/x',
    status: 'synced',
  });
  const records = apps.map((app) => ({ app, specHash: 'hash', desiredSeq: 3, lastSync: lastSync(app.name) }));
  const git: Git = {
    resolve: async () => COMMIT,
    open: async (_repo, revision) => ({
      revision,
      oid: (path) => (path === 'cart' ? 'cart after' : `${path} before`),
      checkout: () => Promise.reject(new Error('no file is needed')),
    }),
  };
  const outcomes = async (situation: Parameters<typeof fakeReceivePorts>[0]) => {
    const { ports, started } = fakeReceivePorts({ applicationsOfRepo: async () => records, git, ...situation });
    const { status, body } = await receivePush(push, ports);
    const statuses = 'applications' in body ? body.applications.map((one) => `${one.app}: ${one.status}`) : [];
    return { status, statuses, started };
  };

  test('only those are deployed whose files the push has changed', async () => {
    expect(await outcomes({})).toEqual({
      status: 202,
      statuses: ['api: unchanged', 'cart: started', 'web: unchanged'],
      started: ['cart-7'],
    });
  });

  test('a repository that their project no longer permits is not connected to; their operations tell', async () => {
    const projects = [{ name: 'default', sourceRepos: ['https://github.com/acme/*'], destinations: [] }];
    const never = asyncThrow(new Error('Git is asked'));
    const { ports, started, lines } = fakeReceivePorts({
      applicationsOfRepo: async () => records,
      git: { resolve: never, open: never },
      projects,
    });
    expect((await receivePush(push, ports)).status).toBe(202);
    expect(started).toEqual(['api-7', 'cart-7', 'web-7']);
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('a permitted repository is asked with the limits of the project, for whatever it redirects to', async () => {
    const sourceRepos = ['https://github.com/codertocat/*'];
    const judged: (string | undefined)[] = [];
    const resolve: Git['resolve'] = async (repo, _ref, permit) => {
      judged.push(permit?.problem(repo), permit?.problem('https://github.com/evil/x')?.slice(0, 15));
      return COMMIT;
    };
    await outcomes({
      git: { ...git, resolve },
      projects: [{ name: 'default', sourceRepos, destinations: [{ cluster: '*', namespace: '*' }] }],
    });
    expect(judged).toEqual([undefined, 'Project/default']);
  });

  test.each<[string, Partial<ApplicationRecord>]>([
    ['has a newer operation than the one that was deployed', { desiredSeq: 4 }],
    ['has another specification since', { specHash: 'another' }],
    ['was left degraded', { lastSync: { ...lastSync('web'), status: 'degraded' } }],
  ])('one that %s is deployed although its files are the same', async (_case, differing) => {
    const web = records.map((record) => (record.app.name === 'web' ? { ...record, ...differing } : record));
    expect((await outcomes({ applicationsOfRepo: async () => web })).started).toEqual(['cart-7', 'web-7']);
  });

  const at = '2026-01-01T00:00:00.000Z';
  const hold = { revision: COMMIT, reason: 'rolled back by shop-5xx', at };

  test.each<[string, Partial<ApplicationRecord>]>([
    ['held', { held: [hold] }],
    ['suspended', { suspended: { reason: 'night of the sale', at } }],
  ])('one that a gate blocks is %s, and nothing is requested', async (status, barred) => {
    const cart = records.map((record) => (record.app.name === 'cart' ? { ...record, ...barred } : record));
    expect(await outcomes({ applicationsOfRepo: async () => cart })).toEqual({
      status: 202,
      statuses: ['api: unchanged', `cart: ${status}`, 'web: unchanged'],
      started: [],
    });
  });

  test.each<[string, Partial<ApplicationRecord>]>([
    ['another commit is held', { held: [{ ...hold, revision: 'another' }] }],
    ['the suspension is over', { suspended: { reason: 'night of the sale', at, until: at } }],
  ])('one is deployed where %s', async (_case, free) => {
    const cart = records.map((record) => (record.app.name === 'cart' ? { ...record, ...free } : record));
    expect((await outcomes({ applicationsOfRepo: async () => cart })).started).toEqual(['cart-7']);
  });

  test('all are requested where the Git server fails', async () => {
    const resolve = asyncThrow(new DriftlessError('GitUnreachable', 'no answer'));
    expect((await outcomes({ git: { ...git, resolve } })).started).toEqual(['api-7', 'cart-7', 'web-7']);
  });

  test('all are requested where the Git server does not answer in time', async () => {
    const { ports, started } = fakeReceivePorts({
      applicationsOfRepo: async () => records,
      git: { ...git, resolve: () => new Promise(() => undefined) },
    });
    await receivePush(push, { ...ports, clock: { ...ports.clock, sleep: async () => undefined } });
    expect(started).toEqual(['api-7', 'cart-7', 'web-7']);
  });
});
