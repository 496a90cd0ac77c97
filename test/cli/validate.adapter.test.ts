import { join } from 'node:path';
import { readApplication, readConfig } from '../../cli/dev/config/config-folder.ts';
import { DriftlessError } from '../../lib/errors.ts';
import { driftlessIn, inFolder } from './driftless.ts';

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
  await inFolder({ 'README.md': '' }, async (folder) => {
    const sentence = `${folder}: holds no .yaml, .yml or .json file; write an Application there, or name another folder`;
    await expect(readConfig(folder)).rejects.toEqual(new DriftlessError('UsageInvalid', sentence));
  });
});

test('hidden folders, and what npm installs, are no configuration', async () => {
  const files = { 'web.yaml': WEB, '.driftless/journal/a.json': '[]', 'node_modules/a/package.json': '{}' };
  const parsed = await inFolder(files, readConfig);
  expect(parsed).toMatchObject({ ok: true, config: { applications: [{ name: 'web' }] } });
});

const TWO = `${WEB}---\n${WEB.replace('name: web', 'name: api')}`;

test.each([
  [
    'none',
    'kind: Project\napiVersion: driftless.dev/v1\nmetadata: { name: a }\nspec: {}\n',
    undefined,
    'holds no document of kind: Application; name another file',
  ],
  ['two', TWO, undefined, 'holds 2 Applications; select one with --name: api, web'],
  ['two others', TWO, 'shop', 'holds 2 Applications, and none is shop; select one with --name: api, web'],
])('S17: a file that is to hold one Application and holds %s is refused', async (_count, content, name, problem) => {
  await inFolder({ 'app.yaml': content }, async (folder) => {
    const file = join(folder, 'app.yaml');
    const error = new DriftlessError('ConfigInvalid', `${file}: ${problem}`);
    await expect(readApplication(file, name)).rejects.toEqual(error);
  });
});

test('S17: --name chooses one of several Applications', async () => {
  await inFolder({ 'app.yaml': TWO }, async (folder) => {
    expect(await readApplication(join(folder, 'app.yaml'), 'api')).toMatchObject({ name: 'api' });
  });
});
