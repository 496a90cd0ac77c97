import { spawnSync } from 'node:child_process';
import { isRunning } from '../../../lib/async/is-running.ts';

test('this process runs, and so does the first one of the machine, whose user is another one', () => {
  expect([isRunning(process.pid), isRunning(1)]).toEqual([true, true]);
});

test('a process that has ended does not run', () => {
  const { pid } = spawnSync('/bin/true');
  expect(isRunning(pid)).toBe(false);
});
