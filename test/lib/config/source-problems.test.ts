import { appOf, appYaml, problemsOf } from './configs.ts';

const notRef = 'is not a ref; write a branch, a tag, a commit id of 40 digits or HEAD';

test.each([
  '',
  'a b',
  'a..b',
  'a~1',
  'a^',
  'a:b',
  '*',
  'v1.*',
  '-x',
  '/a',
  'a/',
  'a//b',
  '.a',
  'a/.b',
  'a.lock',
  'a.',
  '@',
  'a@{1}',
  'a\\b',
  'a\nb',
])('the ref %j is refused', (ref) => {
  expect(problemsOf(appYaml({ source: { ref } }))).toEqual([
    `a.yaml:5: spec.source.ref: ${JSON.stringify(ref)} ${notRef}`,
  ]);
});

test.each([
  'main',
  'feature/a-b_c.d',
  'refs/heads/main',
  'refs/tags/v1.0.0',
  'v1.0.0+build.5',
  'HEAD',
  '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  'größe',
])('the ref %s is taken as it is', (ref) => {
  expect(appOf({ source: { ref } }).sources[0].ref).toBe(ref);
});

const notAddress = 'is not an http or https address; write for example https://github.com/acme/shop';
const notRepo = 'is not the address of a repository; write it as it is cloned, without ?, # and blanks';
const credentials =
  'contains credentials; write the address without them, and declare a kind: Repository that names their secret';

test.each([
  ['', notAddress],
  ['git@github.com:acme/shop.git', notAddress],
  ['ssh://git@github.com/acme/shop', notAddress],
  ['ssh://git:SECRET@github.com/acme/shop', notAddress],
  ['file:///srv/shop.git', notAddress],
  ['/srv/shop.git', notAddress],
  ['javascript:alert(1)', notAddress],
  ['https:///acme/shop', notAddress],
  ['https://ada:SECRET@github.com/acme/shop', credentials],
  ['https://SECRET@github.com/acme/shop', credentials],
  ['https://github.com', notRepo],
  ['https://github.com/acme/shop?token=SECRET', notRepo],
  ['https://github.com/acme/shop#main', notRepo],
  ['https://github.com/acme/..%2f..%2fevil/shop', notRepo],
  ['https://github.com/acme\\evil', notRepo],
])('the repository address "%s" is refused without being repeated (security case 16)', (repo, message) => {
  expect(problemsOf(appYaml({ source: { repo } }))).toEqual([`a.yaml:5: spec.source.repo: ${message}`]);
});

test.each(['..', '../a', 'a/../../b', 'a/..', '.git', 'a/.git/hooks', 'a\\b', 'a\u0000b'])(
  'the path %j is refused',
  (path) => {
    expect(problemsOf(appYaml({ source: { path } }))).toEqual([
      `a.yaml:5: spec.source.path: ${JSON.stringify(path)} is not a folder in the repository; write it from the root, without .. and backslashes`,
    ]);
  },
);

test.each([
  'https://example.com/v.yaml',
  'HTTP:///v.yaml',
  'file:///etc/passwd',
  'secrets://v.yaml',
  's3://b/v.yaml',
  '//example.com/v.yaml',
  'C:\\v.yaml',
  'a\\..\\v.yaml',
])('the values file %s is refused: it is no path in the repository (security case 6)', (file) => {
  expect(problemsOf(appYaml({ source: { helm: { valueFiles: [file] } } }))).toEqual([
    `a.yaml:5: spec.source.helm.valueFiles[0]: ${JSON.stringify(file)} is not a path in the repository; write one relative to the chart, or from the root as /values.yaml`,
  ]);
});

test.each([
  ['deploy/chart', '../../../v.yaml'],
  ['deploy/chart', '../../../deploy/chart/v.yaml'],
  ['', '../v.yaml'],
  ['deploy/chart', '/../v.yaml'],
  ['deploy/chart', 'a/../../../../v.yaml'],
])('for a chart in "%s" the values file %s leaves the repository', (path, file) => {
  expect(problemsOf(appYaml({ source: { path, helm: { valueFiles: ['ok.yaml', file] } } }))).toEqual([
    `a.yaml:5: spec.source.helm.valueFiles[1]: "${file}" leaves the repository; write a path inside of it`,
  ]);
});

test.each(['v.yaml', './v.yaml', '../../v.yaml', '../../values/prod.yaml', '/v.yaml', '/a/../v.yaml'])(
  'for a chart in "deploy/chart" the values file %s is in the repository',
  (file) => {
    const source = { path: 'deploy/chart', helm: { valueFiles: [file] } };
    expect(appOf({ source }).sources[0].helm?.valueFiles).toEqual([file]);
  },
);

test('two renderers at once are told even when other fields are wrong', () => {
  expect(problemsOf(appYaml({ source: { ref: 'a b', directory: {}, helm: {}, kustomize: { x: 1 } } }))).toEqual([
    `a.yaml:5: spec.source.ref: "a b" ${notRef}`,
    'a.yaml:5: spec.source.kustomize.x: is not a field; known here are allowRemoteBases',
    'a.yaml:5: spec.source.kustomize: cannot be combined with directory; keep one of them',
    'a.yaml:5: spec.source.helm: cannot be combined with directory; keep one of them',
  ]);
});
