import { configOf, problemsOf } from './configs.ts';

function app(spec: object): string {
  const source = { repo: 'https://github.com/acme/web' };
  const whole = { source, destination: { namespace: 'web' }, ...spec };
  return JSON.stringify({
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: whole,
  });
}

function project(spec: object): string {
  return JSON.stringify({ apiVersion: 'driftless.dev/v1', kind: 'Project', metadata: { name: 'shops' }, spec });
}

const files = (...documents: readonly string[]) => new Map([['a.yaml', documents.join('\n---\n')]]);

test.each([
  ['correct where nobody says anything', {}, undefined, 'correct'],
  ['what its project says', { project: 'shops' }, { drift: { mode: 'report' } }, 'report'],
  ['correct where its project says nothing', { project: 'shops' }, {}, 'correct'],
  ['its own before its project’s', { project: 'shops', drift: { mode: 'off' } }, { drift: { mode: 'report' } }, 'off'],
])('the mode of an application is %s', (_situation, spec, limits, mode) => {
  const documents = [app(spec), ...(limits === undefined ? [] : [project(limits)])];
  expect(configOf(files(...documents)).applications[0]?.drift).toEqual({ mode });
});

test('rules of what is ignored are kept as they are written', () => {
  const ignore = [
    { group: '', kind: 'ConfigMap', fields: ['data["a.b"]', '/data/c'] },
    { managers: ['istio-*'] },
    { namespace: 'web', name: 'api-*', fields: ['*'], managers: ['x'] },
  ];
  expect(configOf(files(app({ drift: { ignore } }))).applications[0]?.drift).toEqual({ mode: 'correct', ignore });
});

test.each([
  ['neither fields nor managers', { kind: 'Service' }, 'does not say what is ignored; write fields, managers or both'],
  ['an empty list of fields', { fields: [] }, 'fields: is a list; write one with at least one entry'],
  [
    'a path with a gap',
    { fields: ['spec..replicas'] },
    'fields[0]: "spec..replicas" is not a path; write spec.replicas, metadata.annotations["example.com/a"], spec.ports[http].port or a JSON pointer such as /spec/replicas',
  ],
  [
    'a pointer with a wrong escape',
    { fields: ['/a/~2'] },
    'fields[0]: "/a/~2" is not a path; write spec.replicas, metadata.annotations["example.com/a"], spec.ports[http].port or a JSON pointer such as /spec/replicas',
  ],
  [
    'a field of another tool',
    { jsonPointers: ['/a'], fields: ['a'] },
    'jsonPointers: is not a field; known here are group, kind, namespace, name, fields, managers',
  ],
  [
    'a group that is none',
    { group: 'apps/v1', fields: ['a'] },
    'group: "apps/v1" is not an API group; write for example apps or *.example.com, \'\' for the core group',
  ],
])('a rule with %s is refused', (_situation, rule, problem) => {
  const separator = /^[a-zA-Z]+(\[\d\])?:/.test(problem) ? '.' : ': ';
  expect(problemsOf(app({ drift: { ignore: [rule] } }))).toEqual([
    `a.yaml:1: spec.drift.ignore[0]${separator}${problem}`,
  ]);
});
