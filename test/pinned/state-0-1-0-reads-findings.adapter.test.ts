// The findings of scans and the configuration that version 0.1.0 has written are read by this one, to the last field.
import { APPLICATIONS, withStateOf010 } from './state-of-0-1-0.ts';

const states = withStateOf010();
const AT = '2026-01-01T00:00:00.000Z';
const SCANNED_AT = '2026-01-01T00:01:00.000Z';
const SCAN = 'scan-20260101T000100.000Z';

test('what the scans have found is read, of applications and of the cluster', async () => {
  const { state } = await states.open();
  const found = { version: 1, status: 'Drifted', since: SCANNED_AT, scannedAt: SCANNED_AT, scan: SCAN, count: 1 };
  const seen = {
    apiVersion: 'v1',
    by: [],
    since: SCANNED_AT,
    firstSeen: { scan: SCAN, at: SCANNED_AT },
    handling: 'report',
  };
  const id = (namespace: string, name: string) => ({ group: '', kind: 'ConfigMap', namespace, name });
  const fields = [{ path: 'data.value', from: 'edited', to: '1' }];
  expect(await state.drift('blog')).toEqual({
    app: 'blog',
    ...found,
    objects: [{ ...seen, id: id('blog', 'posts'), drift: 'modified', fields }],
  });
  const note = 'carries the label of the application, which did not deploy it';
  expect(await state.drift('shop')).toEqual({
    app: 'shop',
    ...found,
    objects: [{ ...seen, id: id('shop', 'stray'), drift: 'extra', fields: [], note }],
  });
  expect(await state.drift('wiki')).toBeUndefined();
  expect(await state.cluster('prod')).toEqual({
    cluster: 'prod',
    status: 'Reachable',
    since: SCANNED_AT,
    scan: SCAN,
    startedAt: SCANNED_AT,
    completedAt: SCANNED_AT,
    ms: 0,
    orphans: [id('shop', 'orphan')],
  });
});

test('the configuration that is followed, and the report about it, are read', async () => {
  const { config } = await states.open();
  const source = { repo: 'https://git.test/acme/config', ref: 'main', path: 'config' };
  const revision = 'bdd50f0b3d994bec379aff6e97618d36f6d674b8';
  const { shop, blog, wiki, cart } = APPLICATIONS;
  const eks = {
    name: 'prod-eu',
    region: 'eu-central-1',
    roleArn: 'arn:aws:iam::123456789012:role/driftless',
    externalId: 'acme',
  };
  expect(await config.current()).toEqual({
    version: 3,
    source,
    revision,
    hash: '0d796b8050469028d25b756a12930c31',
    readBy: '0.1.0',
    at: AT,
    loaded: true,
    config: {
      applications: [shop, blog, wiki, cart],
      projects: [
        {
          name: 'store',
          description: 'what sells',
          sourceRepos: ['https://git.test/acme/*'],
          destinations: [{ cluster: 'prod', namespace: 'shop' }],
          drift: { mode: 'correct' },
        },
      ],
      clusters: [{ name: 'prod', eks }],
      repositories: [{ name: 'shop', url: 'https://git.test/acme/shop', credentials: { secret: 'acme-shop' } }],
    },
  });
  expect(await config.report()).toEqual({ status: 'followed', source, revision, problems: [], count: 0, since: AT });
});
