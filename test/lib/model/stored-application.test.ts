import type { Source } from '../../../lib/model/application.ts';
import { configHash, specHash, storedApplication } from '../../../lib/model/stored-application.ts';
import { anApplication } from '../../contracts/state-store/fixtures.ts';

const app = anApplication('shop');
const base: Source = { repo: 'https://github.com/acme/base', ref: 'v1', path: '' };

test('the hashes of one source are those that 0.1.0 has stored', () => {
  expect(specHash(app)).toBe('c1a13208544d7c89d65cf89429d77909');
  const others = { projects: [], clusters: [], repositories: [] };
  expect(configHash({ applications: [app], ...others })).toBe('c743c33174640fffb4c1f4163ed726c9');
});

test('one source is stored as 0.1.0 stored it, to the byte', () => {
  expect(JSON.stringify(storedApplication(app))).toBe(
    '{"name":"shop","project":"default","source":{"repo":"https://github.com/acme/shop","ref":"main","path":"deploy/prod","helm":{"releaseName":"shop","valueFiles":["values.yaml"],"values":{"replicas":3,"ratio":1e+300,"empty":"","nothing":null,"list":[{"deep":true}]},"includeCRDs":true}},"destination":{"cluster":"prod","namespace":"shop"},"sync":{"mode":"auto","prune":true,"pruneProtected":["Namespace"],"maxPrunePercent":50,"allowEmpty":false,"createNamespace":true,"force":false,"recreate":false,"timeoutSeconds":600},"drift":{"mode":"correct"},"rollback":{"alarms":["shop-5xx"],"bakeTimeSeconds":900}}',
  );
});

test('labels and annotations are stored, count for the configuration, and not for the specification', () => {
  const marked = { ...app, labels: { team: 'a' }, annotations: { 'example.com/owner': 'Ada' } };
  expect(specHash(marked)).toBe(specHash(app));
  expect(storedApplication(marked)).toMatchObject({ labels: { team: 'a' } });
  const hashOf = (one: typeof app): string =>
    configHash({ applications: [one], projects: [], clusters: [], repositories: [] });
  expect(hashOf(marked)).not.toBe(hashOf(app));
});

test('several sources are stored and hashed in their order', () => {
  const several = anApplication('shop', {}, [base]);
  const swapped = { ...several, sources: [base, app.sources[0]] } as const;
  expect(storedApplication(several)).toMatchObject({ sources: [app.sources[0], base] });
  expect(storedApplication(several)).not.toHaveProperty('source');
  expect(new Set([specHash(app), specHash(several), specHash(swapped)]).size).toBe(3);
});
