import { DriftlessError } from '../../../lib/errors.ts';
import type { DirectoryOptions } from '../../../lib/model/application.ts';
import { renderDirectory } from '../../../lib/render/directory.ts';
import { fixtureTree, treeOf } from './fixture.ts';

const manifest = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

function filesRead(paths: readonly string[], options: Partial<DirectoryOptions>, path = 'app'): string[] {
  const files = treeOf(Object.fromEntries(paths.map((file) => [file, manifest('x')])));
  return renderDirectory(files, path, { recurse: false, ...options }).map(({ file }) => file);
}

test('a folder of YAML and JSON is read in the order of its paths', () => {
  const manifests = renderDirectory(fixtureTree('plain'), 'plain', { recurse: true });
  expect(manifests.map(({ object, file, line }) => `${file}:${line} ${object.kind}/${object.metadata.name}`)).toEqual([
    'plain/deployment-with-service.yaml:3 Deployment/api',
    'plain/deployment-with-service.yaml:11 Service/api',
    'plain/list.yml:4 ConfigMap/one',
    'plain/list.yml:7 ConfigMap/two',
    'plain/nested/job.yaml:1 Job/once',
    'plain/secret.json:1 Secret/key',
  ]);
});

const TREE = [
  'app/a.yaml',
  'app/b.yml',
  'app/c.json',
  'app/d.txt',
  'app/.hidden.yaml',
  'app/sub/e.yaml',
  'app/sub/.x/f.yaml',
  'other/g.yaml',
];

test.each<[string, Partial<DirectoryOptions>, string[]]>([
  ['reads the folder alone', {}, ['app/.hidden.yaml', 'app/a.yaml', 'app/b.yml', 'app/c.json']],
  [
    'goes down with recurse',
    { recurse: true },
    ['app/.hidden.yaml', 'app/a.yaml', 'app/b.yml', 'app/c.json', 'app/sub/.x/f.yaml', 'app/sub/e.yaml'],
  ],
  ['includes by glob', { include: '*.yml' }, ['app/b.yml']],
  [
    'lets a star cross folders',
    { recurse: true, include: '*.yaml' },
    ['app/.hidden.yaml', 'app/a.yaml', 'app/sub/.x/f.yaml', 'app/sub/e.yaml'],
  ],
  [
    'knows alternatives',
    { recurse: true, include: '{a,sub/*}.yaml' },
    ['app/a.yaml', 'app/sub/.x/f.yaml', 'app/sub/e.yaml'],
  ],
  ['knows character classes and question marks', { include: '[ab].y?ml' }, ['app/a.yaml']],
  ['knows negated character classes', { include: '[!a].*' }, ['app/b.yml', 'app/c.json']],
  ['excludes before it includes', { include: '*.yaml', exclude: '{a.yaml,.hidden.yaml}' }, []],
  ['excludes folders', { recurse: true, exclude: '{.*,sub/*}' }, ['app/a.yaml', 'app/b.yml', 'app/c.json']],
  ['takes globs relative to the path', { include: 'app/*' }, []],
  ['takes no glob for a negation', { include: '!a.yaml' }, []],
])('a directory source %s', (_what, options, expected) => {
  expect(filesRead(TREE, options)).toEqual(expected);
});

test('the root of a repository is a folder like any other', () => {
  expect(filesRead(['a.yaml', 'app/b.yaml'], {}, '')).toEqual(['a.yaml']);
});

test('a file with the skip marker of Argo CD is left out', () => {
  const files = treeOf({ 'a.yaml': `# +argocd:skip-file-rendering\n{{ not yaml`, 'b.yaml': manifest('b') });
  expect(renderDirectory(files, '', { recurse: false }).map(({ file }) => file)).toEqual(['b.yaml']);
});

test('the faults of all files are reported at once, with the way out for files that are no manifests', () => {
  const files = treeOf({
    'app/a.yaml': 'a:\n\tb: 1\n',
    'app/b.yaml': manifest('[]'),
    'app/values.yaml': 'replicas: 1\n',
  });
  expect(() => renderDirectory(files, 'app', { recurse: false })).toThrow(
    new DriftlessError(
      'ManifestInvalid',
      [
        'app/a.yaml:2: a tab is used for indentation; use spaces',
        'app/b.yaml:1: metadata.name is a list, not text; quote it',
        'app/values.yaml:1: apiVersion and kind and metadata missing; a Kubernetes object has apiVersion, kind and metadata.name',
        'exclude files that are not manifests with spec.source.directory.exclude',
      ].join('\n'),
    ),
  );
});

test('more manifests than ten megabytes are refused before they are read (security case 12)', () => {
  const files = new Map([['app/a.yaml', new Uint8Array(11 * 1024 * 1024)]]);
  expect(() => renderDirectory(files, 'app', { recurse: false })).toThrow(
    expect.objectContaining({
      code: 'SourceTooLarge',
      message: expect.stringContaining('app: its manifests have 11534336 bytes'),
    }),
  );
});
