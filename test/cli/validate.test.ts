import { driftlessIn } from './driftless.ts';

const WEB = `apiVersion: driftless.dev/v1
kind: Application
metadata: { name: web }
spec:
  source: { repo: https://github.com/acme/web, path: deploy }
  destination: { namespace: web }
`;
const MISSPELT = WEB.replace('path', 'pth');

test('a valid configuration is counted', async () => {
  const ended = await driftlessIn({ 'apps/web.yaml': WEB }, ['validate', '.']);
  const stdout = 'valid: 1 Application, 0 Projects, 0 Clusters, 0 Repositories\n';
  expect(ended).toEqual({ exitCode: 0, stdout, stderr: '' });
});

test('every problem of every file is reported at once', async () => {
  const files = { 'a.yaml': MISSPELT, 'b/b.yml': 'kind: Application\n\tx: 1\n', 'c.json': '[]' };
  const { exitCode, stdout } = await driftlessIn(files, ['validate', '.']);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 2,
    stdout: [
      'a.yaml:5: spec.source.pth: is not a field; write path',
      'b/b.yml:2: a tab is used as indentation; write spaces',
      'c.json:1: is not a mapping; write apiVersion, kind, metadata and spec',
      '3 problems',
      '',
    ].join('\n'),
  });
});

test('as JSON, problems are data', async () => {
  const { exitCode, stdout } = await driftlessIn({ 'a.yaml': MISSPELT }, ['validate', 'a.yaml', '-o', 'json']);
  const problem = { file: 'a.yaml', line: 5, field: 'spec.source.pth', message: 'is not a field; write path' };
  expect({ exitCode, printed: JSON.parse(stdout) }).toEqual({
    exitCode: 2,
    printed: { valid: false, problems: [problem] },
  });
});

test('a folder without configuration is most likely the wrong one', async () => {
  const stderr = 'error: .: holds no .yaml, .yml or .json file; write an Application there, or name another folder\n';
  expect(await driftlessIn({ 'README.md': '' }, ['validate', '.'])).toEqual({ exitCode: 2, stdout: '', stderr });
});

test('hidden folders, and what npm installs, are no configuration', async () => {
  const files = { 'web.yaml': WEB, '.driftless/journal/a.json': '[]', 'node_modules/a/package.json': '{}' };
  const { exitCode, stderr } = await driftlessIn(files, ['validate', '.']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
