import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { spawnBound } from '../../dev/bound-child.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'driftless-bound-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a program that ends at once is seen to end, and nothing but its own words is kept', async () => {
  const programs = Array.from({ length: 60 }, () => spawnBound('/bin/sh', ['-c', 'echo no room >&2; exit 1']));
  const words = await Promise.all(programs.map(({ ended }) => ended));
  expect(new Set(words)).toEqual(new Set(['no room']));
});

test('a program that is stopped can write first what it has in memory', async () => {
  const ready = join(dir, 'ready');
  const script = 'trap "echo written; exit 0" TERM; : > "$1"; while :; do sleep 0.05; done';
  const program = spawnBound('/bin/sh', ['-c', script, 'sh', ready]);
  while (!existsSync(ready)) await setTimeout(10);
  await program.stop();
  expect(await program.ended).toBe('written');
});
