import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import { appOf, appYaml, configOf, fixtureFolder, problemsOf } from './configs.ts';

const destination = (text: string) => ({ cluster: text.split(' ')[0], namespace: text.split(' ')[1] });

test('a whole configuration is read, over several files and documents', () => {
  expect(configOf(fixtureFolder('complete'))).toEqual({
    applications: [
      {
        name: 'shop',
        project: 'shops',
        sources: [
          {
            repo: 'https://github.com/acme/shop.git',
            ref: 'release/1.2',
            path: 'deploy/prod',
            helm: {
              releaseName: 'shop-prod',
              valueFiles: ['values.yaml', '../common/values.yaml', '/values/prod.yaml'],
              values: { image: { tag: 'v2' }, replicas: 3 },
              includeCRDs: false,
            },
          },
        ],
        destination: { cluster: 'prod', namespace: 'shop' },
        sync: {
          mode: 'manual',
          prune: false,
          pruneProtected: ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'],
          maxPrunePercent: 100,
          allowEmpty: true,
          createNamespace: true,
          force: true,
          recreate: true,
          timeoutSeconds: 5400,
        },
        drift: { mode: 'report' },
        rollback: { alarms: ['shop-5xx', 'shop-latency'], bakeTimeSeconds: 90 },
      },
      {
        name: 'web',
        project: 'default',
        sources: [{ repo: 'https://git.example.com:8443/acme/web', ref: 'HEAD', path: '' }],
        destination: { cluster: 'local', namespace: 'web' },
        sync: {
          mode: 'auto',
          prune: true,
          pruneProtected: [],
          maxPrunePercent: 50,
          allowEmpty: false,
          createNamespace: false,
          force: false,
          recreate: false,
          timeoutSeconds: 600,
        },
        drift: { mode: 'correct' },
      },
    ],
    projects: [
      {
        name: 'shops',
        description: 'everything that sells',
        sourceRepos: ['https://github.com/acme/*'],
        destinations: ['prod shop*', 'staging *'].map(destination),
        clusterResources: { allow: [] },
      },
      { name: 'default', sourceRepos: ['*'], destinations: [destination('* *')], clusterResources: { allow: [] } },
    ],
    clusters: [
      {
        name: 'prod',
        eks: {
          name: 'prod-eu',
          region: 'eu-central-1',
          roleArn: 'arn:aws:iam::123456789012:role/deploy/driftless',
          externalId: 'acme-prod',
          private: true,
        },
      },
      { name: 'laptop', kubeconfig: { context: 'kind-laptop' } },
    ],
    repositories: [{ name: 'shop', url: 'https://github.com/acme/shop', credentials: { secret: 'git/acme-shop' } }],
  });
});

test('every problem in every file is reported at once, in reading order', () => {
  const parsed = parseConfig(fixtureFolder('mistakes'));
  expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toEqual([
    'apps.yaml:3: metadata.name: "Shop" is not a valid name; write at most 53 lower-case letters, digits and dashes, with a letter or digit at both ends',
    'apps.yaml:5: spec.source.repo: is missing; write text',
    'apps.yaml:6: spec.source.repoURL: is not a field; write repo',
    'apps.yaml:7: spec.source.targetRevision: is not a field; known here are repo, ref, path, directory, kustomize, helm',
    'apps.yaml:8: spec.destination.cluster: Cluster "prd" is not declared; write prod, or declare it as kind: Cluster',
    'apps.yaml:10: spec.sync.timeout: "600" is not a duration; write for example 10m, 1h30m or 90s',
    'apps.yaml:11: spec.sync.mode: "always" is not possible; write one of auto, manual',
    'apps.yaml:18: spec.source.repo: contains credentials; write the address without them, and declare a kind: Repository that names their secret',
    'apps.yaml:18: spec.source.repo: Project/shops does not permit the repository; add to its spec.sourceRepos: - https://github.com/acme/web',
    'apps.yaml:19: spec.source.path: "../web" is not a folder in the repository; write it from the root, without .. and backslashes',
    'apps.yaml:20: spec.source.helm: cannot be combined with kustomize; keep one of them',
    'apps.yaml:23: spec.source.helm.valueFiles[1]: "https://example.com/values.yaml" is not a path in the repository; write one relative to the chart, or from the root as /values.yaml',
    'apps.yaml:25: spec.destination: Project/shops does not permit namespace "kube-system" of cluster "prod"; add to its spec.destinations: - {cluster: prod, namespace: kube-system}',
    'apps.yaml:28: spec.rollback.alarms: is a list; write one with at least one entry',
    'apps.yaml:29: spec.rollback.bakeTime: "15 minutes" is not a duration; write for example 10m, 1h30m or 90s',
    'broken.yaml:4: a tab is used as indentation; write spaces',
    'broken.yaml:8: the same field is written twice; remove one',
    'broken.yaml:10: kind: is missing; write one of Application, Project, Cluster, Repository',
    'broken.yaml:13: apiVersion: "apps/v1" is not known; write driftless.dev/v1',
    'platform.yaml:12: spec: does not say how to reach the cluster; write either kubeconfig or eks',
    'platform.yaml:15: kind: "Clusters" is not known; write Cluster',
    'platform.yaml:18: spec: is missing; write a mapping',
    'platform.yaml:20: metadata.name: "Application/web" is already declared at apps.yaml:15; remove one of them',
  ]);
});

test.each([
  ['no file', new Map<string, string>()],
  ['an empty file', new Map([['a.yaml', '']])],
  ['a file with comments only', new Map([['a.yaml', '# later\n---\n# much later\n']])],
])('%s is an empty configuration', (_situation, files) => {
  expect(parseConfig(files)).toEqual({
    ok: true,
    config: { applications: [], projects: [], clusters: [], repositories: [] },
    refused: [],
    warnings: [],
    rules: [],
  });
});

test('JSON is YAML too', () => {
  const app = { apiVersion: 'driftless.dev/v1', kind: 'Project', metadata: { name: 'p' } };
  expect(configOf(new Map([['p.json', JSON.stringify(app, null, '\t')]])).projects).toHaveLength(1);
});

test.each([
  ['directory', {}, { recurse: false }],
  [
    'directory',
    { recurse: true, include: '*.yaml', exclude: 'test/*' },
    { recurse: true, include: '*.yaml', exclude: 'test/*' },
  ],
  ['kustomize', {}, { allowRemoteBases: false }],
  ['kustomize', { allowRemoteBases: true }, { allowRemoteBases: true }],
  ['helm', {}, { valueFiles: [], includeCRDs: true }],
])('the renderer %s with the options %j is read', (renderer, written, expected) => {
  const source = { repo: 'https://github.com/acme/shop', ref: 'HEAD', path: '', [renderer]: expected };
  expect(appOf({ source: { [renderer]: written } }).sources[0]).toEqual(source);
});

test.each([
  ['', ''],
  ['/', ''],
  ['.', ''],
  ['deploy', 'deploy'],
  ['./deploy//prod/', 'deploy/prod'],
  ['/deploy/..prod', 'deploy/..prod'],
])('the path "%s" is the folder "%s"', (written, path) => {
  expect(appOf({ source: { path: written } }).sources[0].path).toBe(path);
});

test('values may be repeated with anchors and aliases', () => {
  const text = appYaml({})
    .replace('"namespace":"shop"', '"namespace": &n shop')
    .concat('  project: default\n  drift: { mode: report }\n');
  const source = '{"repo":"https://github.com/acme/shop","helm":{"releaseName":*n}}';
  const lines = text.split('\n').filter((line) => !line.startsWith('  source:'));
  const [app] = configOf(new Map([['a.yaml', `${lines.join('\n')}  source: ${source}\n`]])).applications;
  expect(app?.sources[0].helm?.releaseName).toBe('shop');
});

test('whatever the files hold, the answer is a configuration or problems with a line', () => {
  const document = fc.record(
    {
      apiVersion: fc.constant('driftless.dev/v1'),
      kind: fc.constantFrom('Application', 'Project', 'Cluster', 'Repository'),
      metadata: fc.oneof(fc.jsonValue(), fc.record({ name: fc.oneof(fc.string(), fc.constant('a')) })),
      spec: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            source: fc.jsonValue(),
            destination: fc.jsonValue(),
            sync: fc.jsonValue(),
            sourceRepos: fc.jsonValue(),
            url: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom(
        'a',
        ':',
        ' ',
        '\n',
        '-',
        '{',
        '[',
        ']',
        '}',
        '&x',
        '*x',
        '\t',
        '"',
        '!',
        '|',
        '>',
        '%',
        '?',
      ),
    }),
    fc.array(document, { maxLength: 3 }).map((documents) => documents.map((value) => stringify(value)).join('---\n')),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a.yaml', 'b.yaml', '__proto__'), texts), (files) => {
      const parsed = parseConfig(new Map(Object.entries(files)));
      if (!parsed.ok) expect(parsed.problems.every(({ line }) => line >= 1)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['nested too deeply', `a: ${'['.repeat(5000)}`, 'a.yaml:1: the values are nested too deeply; make them flatter'],
  [
    'nested in mappings, thousands of them',
    '{a: '.repeat(20_000),
    'a.yaml:1: the values are nested too deeply; make them flatter',
  ],
  [
    'multiplied by aliases',
    `a: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
    'a.yaml:1: uses an alias that is unknown, contains itself or is repeated too often; write the value out',
  ],
  [
    'part of themselves',
    'a: &a [*a]\n',
    'a.yaml:1: uses an alias that is unknown, contains itself or is repeated too often; write the value out',
  ],
  ['too large', `a: ${'x'.repeat(1024 * 1024)}`, 'a.yaml:1: is larger than 1 MB; split the file'],
])('values that are %s are a problem, not a crash', (_situation, text, problem) => {
  expect(problemsOf(text)[0]).toBe(problem);
});
