import { appendFileSync } from 'node:fs';
import { withEmulator } from '../state/emulator.ts';
import { type Commit, PairRig } from './pair-rig.ts';

const emulator = withEmulator('dynoxide');
function chooser(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
const M: Record<string, Commit[]> = {
  move: [{ a: ['x'], b: [] }, { a: [], b: ['x'] }],
  dropped: [{ a: ['x'], b: [] }, { a: [], b: ['x'] }, { a: [], b: [] }],
  back: [{ a: ['x'], b: [] }, { a: [], b: ['x'] }, { a: ['x'], b: [] }],
  exchange: [{ a: ['x'], b: ['z'] }, { a: ['z'], b: ['x'] }],
  removed: [{ a: ['x'], b: ['z'] }, { a: [], b: ['z'] }],
  added: [{ a: ['x'], b: [] }, { a: ['x'], b: ['x'] }, { a: [], b: ['x'] }],
};
const N = Number(process.env['SEEDS'] ?? 6);
const CASES: [string, number][] = Object.keys(M).flatMap((n): [string, number][] => [[n, 1], [n, 2]]);

test.each(CASES)('%s %d', async (name, repos) => {
  const commits = M[name] ?? [];
  for (let seed = Number(process.env['FROM'] ?? 0); seed < N + Number(process.env['FROM'] ?? 0); seed += 1) {
  const { store: state, clock } = await emulator.open();
  const rig = new PairRig({ state, clock }, { commits, repos: repos as 1 | 2, choose: chooser(seed * 7919 + 13) });
  await rig.begin();
  const uid0 = (() => { try { return rig.cluster.find('ConfigMap/store/x').metadata.uid; } catch { return 'none'; } })();
  rig.crashes = seed % 3;
  await rig.play();
  const head = commits.at(-1)!;
  const bad: string[] = [];
  for (const app of ['a', 'b'] as const) {
    const expected = [`own-${app}`, ...head[app]].map((n) => `ConfigMap/store/${n}`).toSorted();
    const live = Object.keys(rig.cluster.contents()).filter((ref) => rig.cluster.find(ref).metadata.labels?.['driftless.dev/app'] === app);
    const inv = (await state.inventory(app)).filter(({ released }) => !released).map(({ name: n }) => `ConfigMap/store/${n}`).toSorted();
    if (name === 'added' && repos === 2) continue;
    if (String(live) !== String(expected)) bad.push(`${app} live ${live} != ${expected}`);
    if (String(inv) !== String(expected)) bad.push(`${app} inv ${inv} != ${expected}`);
  }
  const always = commits.every((c) => c.a.includes('x') || c.b.includes('x'));
  if (always && repos === 1 && rig.cluster.find('ConfigMap/store/x').metadata.uid !== uid0) bad.push('uid');
  if (bad.length === 0) continue;
  const out: unknown[] = [name, repos, seed, bad, rig.cluster.requests.filter((r) => /APPLY|DELETE/.test(r))];
  for (const app of ['a', 'b']) {
    for (const op of (await state.operations(app, 50)).toReversed())
      out.push(`${app}-${op.seq} ${op.trigger.kind} ${op.trigger.by} rev ${op.revision?.slice(-1)} ${op.outcome?.status}: ${op.outcome?.message}`);
    out.push(JSON.stringify((await state.inventory(app)).map(({ name: n, released, uid }) => [n, released, uid])));
    out.push(JSON.stringify((await state.application(app))?.waiting ?? null));
  }
  out.push(rig.log.lines?.filter?.((l: any) => l.level !== 'info'));
  appendFileSync('/tmp/owner-bad.json', JSON.stringify(out, null, 1) + '\n');
  }
}, 300000);
