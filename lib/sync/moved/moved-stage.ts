// In: an operation whose plan is deployed and healthy. Out: what the application has left in clusters that were its destination before is pruned there, or named
// with the reason. The record keeps what is left, so that each later operation looks again; the sweep requests one, ever more rarely.
import { pollUntil } from '../../async/poll-until.ts';
import { type Finish, supersededFinish } from '../finish/finish.ts';
import { gateSince } from '../handover/release-stage.ts';
import { requestNamed } from '../handover/request-others.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';
import type { LeftCount } from './left-counts.ts';
import { type LeftRest, pruneLeft, type Remark, type Rest } from './prune-left.ts';

/** How long the first look goes on, so that a quick end is known at once. */
const FIRST_LOOK_MS = 3_000;
const EVERY_MS = 250;

/** Pauses between later looks, in seconds; the last one repeats. */
const PAUSES = [1, 2, 4, 8, 15, 30];

/** Objects of one cluster that the outcome names. */
const NAMED = 20;

/** What is said of the former clusters, and whether it is looked at again. */
type MovedEnd = { readonly sentences: readonly string[]; readonly isDue: boolean };

type Progress = { readonly looks: number; readonly remarks: readonly Remark[]; readonly end?: MovedEnd | 'superseded' };

/** Prunes what is left in former clusters; without any it costs nothing. */
export async function movedStage(
  run: Run,
  source: ResolvedSource,
  counts: readonly LeftCount[] = [],
): Promise<StageResult<MovedEnd | undefined>> {
  if (counts.length === 0) return done(undefined);
  const { end } = await run.flow.poll<Progress>('moved', { looks: 0, remarks: [] }, async ({ looks, remarks }) => {
    if (await run.lease.isSuperseded()) return { state: { looks: looks + 1, remarks, end: 'superseded' } };
    const said = [...remarks];
    const timeoutMs = looks === 0 ? FIRST_LOOK_MS : 0;
    const { clock } = run.ports;
    const isFinal = (rests: readonly LeftRest[]): boolean =>
      rests.flatMap(({ rest }) => rest).every(({ until = 0 }) => clock.now() >= until);
    const look = () => lookAtAll(run, source, said);
    const rests = await pollUntil(look, isFinal, { clock, timeoutMs, pause: () => clock.sleep(EVERY_MS) });
    const state = { looks: looks + 1, remarks: said };
    if (!isFinal(rests)) return { state, nextSeconds: PAUSES[looks] ?? 30 };
    await requestNamed(run, [...new Set(rests.flatMap(({ rest }) => rest.flatMap(({ leftTo }) => leftTo ?? [])))]);
    const isDue = [...said, ...rests.flatMap(({ rest }) => rest)].some((one) => one.isDue);
    return { state: { ...state, end: { sentences: sentencesOf(counts, said, rests), isDue } } };
  });
  if (end === undefined || end === 'superseded') return finished(supersededFinish());
  return done(end);
}

/** The record is read again: what is left changes with each look, and with the configuration. */
async function lookAtAll(run: Run, source: ResolvedSource, said: Remark[]): Promise<readonly LeftRest[]> {
  const record = await run.ports.state.application(run.request.app);
  const rests = [];
  for (const left of record?.moved ?? []) {
    const rest = await pruneLeft(run, source, left);
    if (rest.remark === undefined) rests.push(rest);
    else if (!said.some(({ cluster }) => cluster === left.cluster)) said.push(rest.remark);
  }
  return rests;
}

/** One sentence for each former cluster. */
function sentencesOf(
  counts: readonly LeftCount[],
  remarks: readonly Remark[],
  rests: readonly LeftRest[],
): readonly string[] {
  return counts.flatMap(({ cluster, count }) => {
    const remark = remarks.find((one) => one.cluster === cluster);
    if (remark !== undefined) return [remark.text];
    const rest = rests.find((one) => one.cluster === cluster)?.rest ?? [];
    const pruned = count > rest.length ? [`${count - rest.length} pruned`] : [];
    const left = rest.length === 0 ? [] : [`${rest.length} left (${reasonsOf(rest)})`];
    const parts = [...pruned, ...left];
    return parts.length === 0 ? [] : [`cluster "${cluster}", the destination before: ${parts.join(', ')}`];
  });
}

/** Objects with the same reason share it. */
function reasonsOf(rest: readonly Rest[]): string {
  const named = Map.groupBy(rest.slice(0, NAMED), ({ reason }) => reason);
  const texts = [...named].map(([reason, some]) => `${some.map(({ ref }) => ref).join(', ')}: ${reason}`);
  const more = rest.length > NAMED ? [`and ${rest.length - NAMED} more`] : [];
  return [...texts, ...more].join('; ');
}

/** The end of a deployment, with what is said of the former clusters. */
export async function withMoved(run: Run, finish: Finish, moved: MovedEnd | undefined): Promise<Finish> {
  if (moved === undefined || finish.outcome === undefined) return finish;
  const message = [finish.outcome.message, ...moved.sentences].join(', ');
  const waiting = [...(finish.waiting ?? []), ...(moved.isDue ? [await gateSince(run, 'move')] : [])];
  return {
    ...finish,
    outcome: { ...finish.outcome, message },
    hasLooked: true,
    ...(waiting.length > 0 && { waiting }),
  };
}
