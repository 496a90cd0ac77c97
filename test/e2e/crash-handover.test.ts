// A sample of `npm run crash`: deployers die while objects go from one application to another, while one gets another name, and while one adopts what a removed
// one has left.
import { HANDED_OVER, runHandOver } from '../crash/handover.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 400_000;

test.concurrent(
  'two applications that exchange objects, one of which is renamed and the other one replaced, keep them undisturbed',
  async () => {
    expect(await runHandOver(kubeconfigPath())).toMatchObject({ objects: HANDED_OVER, deaths: [] });
  },
  PATIENCE_MS,
);

test.concurrent.each([
  ['the wants were written', 'state.putWants', 1, 'after'],
  ['the release was written', 'state.putInventory', 6, 'after'],
  ['the labels were changed', 'cluster.apply', 6, 'after'],
  ['the other application was asked', 'state.neighbours', 2, 'after'],
  ['the other application was requested', 'state.request', 5, 'before'],
  ['the record was renamed', 'state.renameApplication', 1, 'after'],
] as const)(
  'a deployer that dies when %s loses no object',
  async (_when, of, call, when) => {
    const { objects, deaths } = await runHandOver(kubeconfigPath(), [{ of, call, when }]);
    expect(deaths).toEqual([`${when} ${of}`]);
    expect(objects).toEqual(HANDED_OVER);
  },
  PATIENCE_MS,
);
