import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { deployed, deployment } from './deployment.ts';
import { journalRig, resultOf, runToEnd } from './rig.ts';

const rig = journalRig();
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

async function killedAt(dir: string, event: string): Promise<unknown> {
  const args = ['--disable-warning=ExperimentalWarning', child, dir, event];
  const [, signal] = await once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  return signal;
}

test.each([
  ['inside the first step', 'begin plan', []],
  ['inside a step, after its effect', 'end apply first', ['apply first']],
  ['between two steps', 'between apply second', []],
  ['inside the second run of a poll', 'end health 2', ['health 2']],
  ['after the last step', 'between prune', []],
])('a process that is killed %s is taken up by the next', async (_where, event, twice) => {
  const dir = rig.folder();
  expect(await killedAt(dir, event)).toBe('SIGKILL');
  const effects = join(dir, 'effects');

  const opened = await rig.run(
    (target, flow) => deployment(target, flow, (what, step) => what === 'end' && appendFileSync(effects, `${step}\n`)),
    { dir, clock: new ManualClock(Date.UTC(2026, 0, 2)) },
  );
  await opened.journal.operations.start('shop', 1);
  await runToEnd(opened);

  const once = ['plan', 'apply first', 'apply second', 'health 3', 'health 2', 'health 1', 'prune'];
  expect(resultOf(opened.journal, 'shop-1')).toEqual(deployed);
  expect(existsSync(join(dir, 'running', 'shop-1.jsonl'))).toBe(false);
  expect(readFileSync(effects, 'utf8').trimEnd().split('\n')).toEqual(
    once.flatMap((step) => (twice.some((again) => again === step) ? [step, step] : [step])),
  );
});
