import { problemsOf } from './configs.ts';

function yaml(kind: string, spec: object): string {
  return `apiVersion: driftless.dev/v1\nkind: ${kind}\nmetadata: { name: x }\nspec: ${JSON.stringify(spec)}\n`;
}

const eks = { name: 'prod', region: 'eu-central-1' };
const url = 'https://github.com/acme/shop';

test.each([
  [
    'Cluster',
    'neither way to reach it',
    {},
    ['spec: does not say how to reach the cluster; write either kubeconfig or eks'],
  ],
  [
    'Cluster',
    'two ways to reach it',
    { eks, kubeconfig: { context: 'x' } },
    ['spec: does not say how to reach the cluster; write either kubeconfig or eks'],
  ],
  [
    'Cluster',
    'a region that is none',
    { eks: { ...eks, region: 'Frankfurt' } },
    ['spec.eks.region: "Frankfurt" is not an AWS region; write for example eu-central-1'],
  ],
  [
    'Cluster',
    'a name that could be an option',
    { eks: { ...eks, name: '--x' } },
    [
      'spec.eks.name: "--x" is not the name of an EKS cluster; write at most 100 letters, digits, dashes and underscores',
    ],
  ],
  [
    'Cluster',
    'the ARN of a user',
    { eks: { ...eks, roleArn: 'arn:aws:iam::123456789012:user/ada' } },
    [
      'spec.eks.roleArn: "arn:aws:iam::123456789012:user/ada" is not the ARN of a role; write arn:aws:iam::<account>:role/<name>',
    ],
  ],
  [
    'Cluster',
    'an external id with blanks',
    { eks: { ...eks, externalId: 'a b' } },
    ['spec.eks.externalId: is not an external id; write 2 to 1224 letters, digits and +=,.@:/-_'],
  ],
  ['Cluster', 'no context', { kubeconfig: {} }, ['spec.kubeconfig.context: is missing; write text']],
  ['Repository', 'no credentials', { url }, ['spec.credentials: is missing; write a mapping']],
  [
    'Repository',
    'the credentials themselves',
    { url, credentials: { password: 'SECRET' } },
    [
      'spec.credentials.secret: is missing; write text',
      'spec.credentials.password: is not a field; known here are secret',
    ],
  ],
  [
    'Repository',
    'a private key for a name',
    { url, credentials: { secret: '-----BEGIN KEY-----\nSECRET' } },
    ['spec.credentials.secret: is not the name of a secret; write the name it is stored under, never its value'],
  ],
  [
    'Repository',
    'neither url nor host',
    { credentials: { secret: 's' } },
    ['spec: does not say what the credentials are for; write either url or host'],
  ],
  [
    'Repository',
    'both url and host',
    { url, host: 'github.com', credentials: { secret: 's' } },
    ['spec: does not say what the credentials are for; write either url or host'],
  ],
  ...['https://github.com', 'github.com/acme', 'user@github.com', 'git.example.com:443', '*.example.com', ''].map(
    (host): [string, string, object, string[]] => [
      'Repository',
      `the host "${host}"`,
      { host, credentials: { secret: 's' } },
      [
        `spec.host: "${host}" is not a host; write it without scheme and path, for example github.com or git.example.com:8443`,
      ],
    ],
  ),
  [
    'Repository',
    'an ssh address',
    { url: 'git@github.com:a/b', credentials: { secret: 's' } },
    ['spec.url: is not an http or https address; write for example https://github.com/acme/shop'],
  ],
  [
    'Project',
    'an unknown limit',
    { kinds: [] },
    [
      'spec.kinds: is not a field; known here are description, sourceRepos, destinations, clusterResources, namespaceResources, drift',
    ],
  ],
  [
    'Project',
    'an empty glob',
    { sourceRepos: [''] },
    [
      'spec.sourceRepos[0]: "" is not a glob; write names with * (all but /) and ** (everything), and ! before a name that is denied',
    ],
  ],
  [
    'Project',
    'an unknown field in a list',
    { destinations: [{}, { ns: 'a' }] },
    ['spec.destinations[1].ns: is not a field; known here are cluster, namespace'],
  ],
])('a %s with %s is refused', (kind, _situation, spec, problems) => {
  expect(problemsOf(yaml(kind, spec))).toEqual(problems.map((problem) => `a.yaml:4: ${problem}`));
});

test.each([
  ['no mapping', 'just text', '1: is not a mapping; write apiVersion, kind, metadata and spec'],
  ['a list', '- a\n- b', '1: is not a mapping; write apiVersion, kind, metadata and spec'],
  [
    'no kind',
    '{ apiVersion: driftless.dev/v1 }',
    '1: kind: is missing; write one of Application, Project, Cluster, Repository',
  ],
  [
    'a misspelt kind',
    'apiVersion: driftless.dev/v1\nkind: Aplication',
    '2: kind: "Aplication" is not known; write Application',
  ],
  [
    'a kind of Kubernetes',
    'apiVersion: driftless.dev/v1\nkind: Deployment',
    '2: kind: "Deployment" is not known; write one of Application, Project, Cluster, Repository',
  ],
  [
    'a kind of Argo CD',
    'kind: Application\napiVersion: argoproj.io/v1alpha1\nspec: { x: 1 }',
    '2: apiVersion: "argoproj.io/v1alpha1" is not known; write driftless.dev/v1',
  ],
  ['no version', 'kind: Project\nmetadata: { name: a }', '1: apiVersion: is missing; write driftless.dev/v1'],
  ['no name', 'apiVersion: driftless.dev/v1\nkind: Project\nmetadata: {}', '3: metadata.name: is missing; write text'],
  [
    'labels',
    'apiVersion: driftless.dev/v1\nkind: Project\nmetadata:\n  name: a\n  labels: {}',
    '5: metadata.labels: is not a field; known here are name',
  ],
])('a document with %s is refused', (_situation, text, problem) => {
  expect(problemsOf(text)).toEqual([`a.yaml:${problem}`]);
});

test.each([
  ['a tab as indentation', 'a:\n\tb: 1', '2: a tab is used as indentation; write spaces'],
  ['a field twice', 'a: 1\nb: 2\na: 3', '3: the same field is written twice; remove one'],
  [
    'a list that does not end',
    'a: [1, 2',
    '1: is no YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['a colon too many', 'a: b: c', '1: is no YAML: nested mappings are not allowed in compact mappings'],
  ['a key that is a list', '? [a]\n: b', '1: a key is not text; put it in quotes'],
  ['a tag', 'a: !secret x', '1: a tag is not understood; write the value without it'],
  [
    'an alias to nothing',
    'a: *b',
    '1: uses an alias that is unknown, contains itself or is repeated too often; write the value out',
  ],
])('YAML with %s is refused at its line', (_situation, text, problem) => {
  expect(problemsOf(text)[0]).toBe(`a.yaml:${problem}`);
});

test('a document with a mistake in its YAML does not hide the mistakes of the next one (CVE-2022-39272)', () => {
  expect(problemsOf(`a: 1\na: 2\n---\n${yaml('Repository', { url })}`)).toEqual([
    'a.yaml:2: the same field is written twice; remove one',
    'a.yaml:7: spec.credentials: is missing; write a mapping',
  ]);
});
