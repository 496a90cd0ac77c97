import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCli } from './cli-process.ts';

import.meta.jest.setTimeout(240_000);

const STEPS = [
  { name: 'start', outcome: 'ready' },
  { name: 'first-push', outcome: 'synced' },
  { name: 'change', outcome: 'synced' },
  { name: 'broken-image', outcome: 'degraded' },
  { name: 'revert', outcome: 'synced' },
  { name: 'invalid-manifest', outcome: 'refused' },
  { name: 'drift-repaired', outcome: 'synced' },
  { name: 'drift-reported', outcome: 'reported' },
].map((step) => ({ ...step, ms: expect.any(Number) }));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-demo-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the tour ends as it promises, prints its result last, and leaves nothing behind', async () => {
  const demo = startCli(['demo', '--once', '-o', 'json'], { cwd: folder, env: { TMPDIR: folder } });
  await demo.line(/^ready after /);
  const family = demo.family().join('\n');
  const data = / --dir (\S+)/.exec(family)?.[1] ?? '';
  expect({ dynamoDb: /dynoxide|DynamoDBLocal/.test(family), data: existsSync(data) }).toEqual({
    dynamoDb: true,
    data: true,
  });

  expect(await demo.ended).toEqual({ exitCode: 0, signal: null });
  const [result = '', ...others] = demo.said.filter((line) => line.startsWith('{'));
  expect({ result: JSON.parse(result), others }).toEqual({
    result: { steps: STEPS, pushToLiveMs: expect.any(Number) },
    others: [],
  });
  expect({ family: demo.family(), files: await readdir(folder), data: existsSync(data) }).toEqual({
    family: [],
    files: [],
    data: false,
  });
});

test('Ctrl-C ends it at once, and leaves nothing behind', async () => {
  const demo = startCli(['demo'], { cwd: folder, env: { TMPDIR: folder } });
  await demo.line(/^1\. First push/);
  expect(await demo.end('SIGINT')).toEqual({ exitCode: 130, signal: null });
  expect({ family: demo.family(), files: await readdir(folder) }).toEqual({ family: [], files: [] });
});
