import { parseConfig } from '../../../lib/config/parse-config.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import { appYaml, problemsOf } from './configs.ts';

const header = 'apiVersion: driftless.dev/v1\n';
const clusterProd = `${header}kind: Cluster\nmetadata: { name: prod }\nspec: { kubeconfig: { context: prod } }\n`;

function project(name: string, spec: object): string {
  return `${header}kind: Project\nmetadata: { name: ${name} }\nspec: ${JSON.stringify(spec)}\n`;
}

function repository(name: string, url: string): string {
  return `${header}kind: Repository\nmetadata: { name: ${name} }\nspec: { url: "${url}", credentials: { secret: s } }\n`;
}

function problemsOfFiles(files: Readonly<Record<string, string>>): readonly string[] {
  const parsed = parseConfig(new Map(Object.entries(files)));
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

/** What of a configuration that is loaded fails alone. */
function refusedOfFiles(files: Readonly<Record<string, string>>): readonly string[] {
  const parsed = parseConfig(new Map(Object.entries(files)));
  return parsed.ok ? parsed.refused.map(formatProblem) : parsed.problems.map(formatProblem);
}

test('a name that is taken twice is told with both places', () => {
  expect(problemsOfFiles({ 'apps/a.yaml': appYaml({}), 'apps/b.yaml': `# again\n${appYaml({})}` })).toEqual([
    'apps/b.yaml:4: metadata.name: "Application/shop" is already declared at apps/a.yaml:3; remove one of them',
  ]);
});

test('two kinds may share a name', () => {
  expect(problemsOfFiles({ 'a.yaml': appYaml({}), 'p.yaml': project('shop', {}) })).toEqual([]);
});

test('one repository with two secrets is told, however its address is written', () => {
  const text = `${repository('a', 'https://github.com/acme/shop.git')}---\n${repository('b', 'https://GitHub.com/acme/shop/')}`;
  expect(problemsOf(text)).toEqual([
    'a.yaml:9: spec.url: "github.com/acme/shop" is already declared at a.yaml:4; remove one of them',
  ]);
});

test('one host with two secrets is told', () => {
  const host = (name: string, spec: string) =>
    `${header}kind: Repository\nmetadata: { name: ${name} }\nspec: { host: ${spec}, credentials: { secret: s } }\n`;
  expect(problemsOf(`${host('a', 'github.com')}---\n${host('b', 'GitHub.com')}`)).toEqual([
    'a.yaml:9: spec.host: "github.com" is already declared at a.yaml:4; remove one of them',
  ]);
});

test('a host and a repository on it may be declared both', () => {
  const host = `${header}kind: Repository\nmetadata: { name: a }\nspec: { host: github.com, credentials: { secret: s } }\n`;
  expect(problemsOf(`${host}---\n${repository('b', 'https://github.com/acme/shop')}`)).toEqual([]);
});

test('the project default and the cluster local exist without being declared', () => {
  expect(problemsOf(appYaml({ project: 'default', destination: { cluster: 'local' } }))).toEqual([]);
});

test('a reference may come before its declaration, in another file', () => {
  const app = appYaml({ project: 'shops', destination: { cluster: 'prod' } });
  expect(problemsOfFiles({ 'a.yaml': app, 'z.yaml': `${clusterProd}---\n${project('shops', {})}` })).toEqual([]);
});

test.each([
  [
    'cluster that resembles a declared one',
    { destination: { cluster: 'prd' } },
    '6: spec.destination.cluster: Cluster "prd" is not declared; write prod, or declare it as kind: Cluster',
  ],
  [
    'cluster like no other',
    { destination: { cluster: 'frankfurt' } },
    '6: spec.destination.cluster: Cluster "frankfurt" is not declared; declare it as kind: Cluster',
  ],
  ['project', { project: 'team-a' }, '7: spec.project: Project "team-a" is not declared; declare it as kind: Project'],
])('an undeclared %s is told at its line', (_situation, spec, problem) => {
  expect(problemsOfFiles({ 'a.yaml': appYaml(spec), 'z.yaml': clusterProd })).toEqual([`a.yaml:${problem}`]);
});

test('an undeclared cluster is told beside the mistakes in the same application', () => {
  expect(problemsOf(appYaml({ destination: { cluster: 'prod' }, sync: { mode: 'x' } }))).toEqual([
    'a.yaml:6: spec.destination.cluster: Cluster "prod" is not declared; declare it as kind: Cluster',
    'a.yaml:7: spec.sync.mode: "x" is not possible; write one of auto, manual',
  ]);
});

test('a cluster that is declared wrongly counts as declared', () => {
  const wrong = clusterProd.replace('context', 'contxt');
  expect(problemsOfFiles({ 'a.yaml': appYaml({ destination: { cluster: 'prod' } }), 'z.yaml': wrong })).toEqual([
    'z.yaml:4: spec.kubeconfig.context: is missing; write text',
    'z.yaml:4: spec.kubeconfig.contxt: is not a field; write context',
  ]);
});

const repoProblem =
  '5: spec.source.repo: Project/default does not permit the repository; add to its spec.sourceRepos: - https://github.com/acme/shop';

test.each([
  ['https://github.com/acme/*', []],
  ['github.com/acme/*', []],
  ['https://github.com/acme/shop.git', []],
  ['HTTPS://GITHUB.COM/ACME/*', []],
  ['https://*', []],
  ['**/shop', []],
  ['*/shop', [repoProblem]],
  ['https://github.com/*', [repoProblem]],
  ['https://github.com/**', []],
  ['!https://github.com/other/*', []],
  ['git@github.com:acme/*', []],
  ['https://github.com/other/*', [repoProblem]],
  ['https://github.com/acme/sho', [repoProblem]],
  ['https://gitlab.com/acme/*', [repoProblem]],
  ['https://github.com/acme', [repoProblem]],
])('a project that allows the repositories "%s" limits https://github.com/acme/shop accordingly', (glob, problems) => {
  const files = {
    'a.yaml': appYaml({}),
    'p.yaml': project('default', { sourceRepos: ['https://example.com/x', glob] }),
  };
  expect(refusedOfFiles(files)).toEqual(problems.map((problem) => `a.yaml:${problem}`));
});

test('dots in an address do not lead out of a project', () => {
  const app = appYaml({ source: { repo: 'https://github.com/acme/../evil/shop' } });
  const limits = project('default', { sourceRepos: ['https://github.com/acme/*'] });
  expect(refusedOfFiles({ 'a.yaml': app, 'p.yaml': limits })).toEqual([
    `a.yaml:${repoProblem.replace('acme/shop', 'evil/shop')}`,
  ]);
});

test('remote bases in a project that limits repositories are refused with their line, and alone', () => {
  const source = { repo: 'https://github.com/acme/shop', kustomize: { allowRemoteBases: true } };
  const limits = project('default', { sourceRepos: ['https://github.com/acme/*'] });
  expect(refusedOfFiles({ 'a.yaml': appYaml({ source }), 'p.yaml': limits })).toEqual([
    expect.stringMatching(
      /^a\.yaml:\d+: spec\.source\.kustomize\.allowRemoteBases: Project\/default limits spec\.sourceRepos, and/,
    ),
  ]);
  expect(refusedOfFiles({ 'a.yaml': appYaml({ source }), 'p.yaml': project('default', {}) })).toEqual([]);
});

const destinationProblem =
  '6: spec.destination: Project/default does not permit namespace "shop" of cluster "local"; add to its spec.destinations: - {cluster: local, namespace: shop}';

test.each([
  ['everything', [{}], []],
  ['the cluster', [{ cluster: 'local' }], []],
  ['the namespace', [{ namespace: 'sh*' }], []],
  ['both, in the second entry', [{ cluster: 'prod' }, { cluster: 'lo*', namespace: 'shop' }], []],
  ['nothing', [], [destinationProblem]],
  ['another cluster', [{ cluster: 'prod' }], [destinationProblem]],
  [
    'the cluster in one entry and the namespace in another',
    [
      { cluster: 'local', namespace: 'x' },
      { cluster: 'x', namespace: 'shop' },
    ],
    [destinationProblem],
  ],
])(
  'a project that allows %s as destination limits its applications accordingly',
  (_situation, destinations, problems) => {
    const files = { 'a.yaml': appYaml({}), 'p.yaml': project('default', { destinations }) };
    expect(refusedOfFiles(files)).toEqual(problems.map((problem) => `a.yaml:${problem}`));
  },
);

test('a former name that two applications have is told with both places', () => {
  const one = (name: string) =>
    `${header}kind: Application\nmetadata: { name: ${name}, annotations: { driftless.dev/renamed-from: shop } }\nspec: { source: { repo: https://github.com/acme/shop }, destination: { namespace: ${name} } }\n`;
  expect(problemsOfFiles({ 'a.yaml': one('new'), 'b.yaml': one('newer') })).toEqual([
    'b.yaml:3: metadata.annotations.driftless.dev/renamed-from: "shop" is already declared at a.yaml:3; remove one of them',
  ]);
});

test('a former name that is still that of an application is told', () => {
  const renamed = `${header}kind: Application\nmetadata: { name: new, annotations: { driftless.dev/renamed-from: shop } }\n`;
  const spec = 'spec: { source: { repo: https://github.com/acme/shop }, destination: { namespace: shop } }\n';
  expect(problemsOfFiles({ 'a.yaml': renamed + spec })).toEqual([]);
  expect(problemsOfFiles({ 'a.yaml': renamed + spec, 'b.yaml': appYaml({}) })).toEqual([
    'a.yaml:3: metadata.annotations.driftless.dev/renamed-from: Application "shop" is still declared; remove it, or remove the annotation',
  ]);
});
