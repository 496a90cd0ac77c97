import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { deployed, deployment } from './deployment.ts';
import { journalRig, resultOf, runToEnd } from './rig.ts';

const rig = journalRig();

type Update = { readonly Name: string; readonly SubType: string; readonly Action: string; readonly Payload?: string };

/** The journal of a whole deployment, just before it ended. */
async function wholeJournal(): Promise<readonly string[]> {
  const dir = rig.folder();
  let text = '';
  const opened = await rig.run(
    async (target, flow) => {
      const result = await deployment(target, flow, () => undefined);
      text = readFileSync(join(dir, 'running', 'shop-1.jsonl'), 'utf8');
      return result;
    },
    { dir },
  );
  await opened.journal.operations.start('shop', 1);
  await runToEnd(opened);
  return text.trimEnd().split('\n');
}

/** The runs of steps, as the deployment names them, that these lines of a journal acknowledge. */
function acknowledged(lines: readonly string[]): string[] {
  const updates = lines.flatMap((line) => (JSON.parse(line) as { updates?: Update[] }).updates ?? []);
  const ends = updates.filter(({ Action }) => Action === 'SUCCEED' || Action === 'RETRY');
  return ends.map(({ Name, SubType, Payload = '' }) =>
    SubType === 'WaitForCondition' ? `${Name} ${(JSON.parse(Payload) as { state: number }).state + 1}` : Name,
  );
}

test('a deployment that is cut off anywhere comes to the same end, and runs no step twice that was acknowledged', async () => {
  const lines = await wholeJournal();
  expect(acknowledged(lines)).toEqual([
    'plan',
    'apply first',
    'apply second',
    'health 3',
    'health 2',
    'health 1',
    'prune',
  ]);

  const cuts = lines.flatMap((_line, i) => {
    const kept = lines.slice(0, i + 1);
    const torn = lines[i + 1] ?? '';
    const halves = [1, Math.floor(torn.length / 2), torn.length].map((length) => torn.slice(0, length));
    return ['', ...halves].map((rest) => ({ kept, rest }));
  });
  const dir = rig.folder();
  mkdirSync(join(dir, 'running'));
  for (const [i, { kept, rest }] of cuts.entries()) {
    const [, ...checkpoints] = kept;
    const start = { name: `shop-${i}`, payload: JSON.stringify({ app: 'shop', seq: i }), startedAt: 0 };
    writeFileSync(
      join(dir, 'running', `shop-${i}.jsonl`),
      `${[JSON.stringify(start), ...checkpoints].join('\n')}\n${rest}`,
    );
  }

  const ran: string[][] = cuts.map(() => []);
  const opened = await rig.run(
    (target, flow) =>
      deployment(target, flow, (event, step) => {
        if (event === 'begin') ran[target.seq]?.push(step);
      }),
    { dir, clock: new ManualClock(Date.UTC(2026, 0, 2)) },
  );
  await runToEnd(opened);

  const all = acknowledged(lines);
  expect(cuts.length).toBeGreaterThan(40);
  expect(cuts.map((_cut, i) => resultOf(opened.journal, `shop-${i}`))).toEqual(cuts.map(() => deployed));
  expect(ran).toEqual(cuts.map(({ kept }) => all.slice(acknowledged(kept).length)));
});

test('an execution whose first line is torn was never started', async () => {
  const dir = rig.folder();
  mkdirSync(join(dir, 'running'));
  writeFileSync(join(dir, 'running', 'shop-1.jsonl'), '{"name":"shop-1","payl');
  const ran: number[] = [];
  const opened = await rig.run(async ({ seq }) => ran.push(seq), { dir });
  await runToEnd(opened);
  expect(ran).toEqual([]);
  await opened.journal.operations.start('shop', 1);
  await runToEnd(opened);
  expect(resultOf(opened.journal, 'shop-1')).toBe(1);
});

test('what is damaged in the middle of a journal is run again, with all that followed it', async () => {
  const lines = await wholeJournal();
  const dir = rig.folder();
  mkdirSync(join(dir, 'running'));
  const damaged = lines.map((line, i) => (i === 2 ? line.replaceAll('"', '\0') : line));
  writeFileSync(join(dir, 'running', 'shop-1.jsonl'), `${damaged.join('\n')}\n`);
  const ran: string[] = [];
  const opened = await rig.run(
    (target, flow) => deployment(target, flow, (event, step) => event === 'begin' && ran.push(step)),
    { dir },
  );
  await runToEnd(opened);
  expect(resultOf(opened.journal, 'shop-1')).toEqual(deployed);
  expect(ran).toEqual(acknowledged(lines).slice(acknowledged(lines.slice(0, 2)).length));
});
