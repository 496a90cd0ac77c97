import { jsonSchemaOf, jsonSchemaOfAny } from '../../lib/config/json-schema.ts';
import { isKind, KINDS } from '../../lib/config/kinds.ts';
import { runVerb } from './in-process.ts';

const kinds = Object.keys(KINDS).filter(isKind);

test.each(kinds)('the schema of %s is printed as JSON, whatever case the kind is written in', async (kind) => {
  for (const written of [kind, kind.toLowerCase()]) {
    const { exitCode, stdout, stderr } = await runVerb(['schema', written]);
    expect({ exitCode, schema: JSON.parse(stdout), stderr }).toEqual({
      exitCode: 0,
      schema: jsonSchemaOf(kind),
      stderr: '',
    });
  }
});

test('all is the schema of files with several kinds', async () => {
  const { stdout } = await runVerb(['schema', 'all']);
  expect(JSON.parse(stdout)).toEqual(jsonSchemaOfAny());
});

test('without a kind, the kinds are listed', async () => {
  const stdout = `${[...kinds, 'all'].join('\n')}\n`;
  expect(await runVerb(['schema'])).toEqual({ exitCode: 0, stdout, stderr: '' });
});

test.each([
  ['Aplication', 'write Application, or one of Project, Cluster, Repository, all'],
  ['ApplicationSet', 'write Application, or one of Project, Cluster, Repository, all'],
  ['Deployment', 'write one of Application, Project, Cluster, Repository, all'],
])('the kind %s is not known, and the error names those that are', async (kind, remedy) => {
  expect(await runVerb(['schema', kind])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(`error: schema: "${kind}" is not a kind; ${remedy}\n`),
  });
});
