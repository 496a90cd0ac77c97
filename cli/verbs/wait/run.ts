import { setTimeout } from 'node:timers/promises';
import { mapBounded } from '../../../lib/async/map-bounded.ts';
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import { AT_ONCE, type Choice, chosenApplications } from '../../client/chosen-applications.ts';
import { FIRST_PAUSE_MS, nextPause } from '../../client/pauses.ts';
import { exitCodeOf } from '../../exit-code.ts';
import { print } from '../../text/output.ts';
import { type Progress, withProgress } from '../../text/progress.ts';
import type { RemoteOptions } from '../status/run.ts';
import { type Awaited, lacking, seenAtEnd } from './lacking.ts';

export type WaitOptions = RemoteOptions &
  Choice &
  Partial<Awaited> & {
    /** Milliseconds. */
    readonly timeout: number;
    readonly ignoreWaiting?: boolean;
  };

/** `wait APP…`: until everything is as it is awaited; what is lacking when the time is over decides the exit code. */
export async function wait(names: readonly string[], options: WaitOptions): Promise<number> {
  const api = openApi(options);
  const apps = await chosenApplications('wait', names, { ...options, api });
  const awaited = awaitedBy(options);
  const views = await withProgress('waiting', (progress) => lookAgain(apps, { ...options, awaited, api, progress }));
  print(options.output, views, () => views.map((view) => lineOf(view, awaited)).join('\n'), { colours: true });
  return exitCodeOf(
    views.flatMap((view) => seenAtEnd(view, awaited)),
    options,
  );
}

/** Without a word of it, everything is awaited. */
function awaitedBy({ sync, health, operation, ignoreWaiting = false }: WaitOptions): Awaited {
  const isAll = !sync && !health && !operation;
  return {
    sync: isAll || sync === true,
    health: isAll || health === true,
    operation: isAll || operation === true,
    ignoreWaiting,
  };
}

type Looking = {
  readonly api: Api;
  readonly awaited: Awaited;
  readonly timeout: number;
  readonly progress: Progress;
};

async function lookAgain(
  apps: readonly string[],
  { api, awaited, timeout, progress }: Looking,
): Promise<readonly ApplicationView[]> {
  const deadline = performance.now() + timeout;
  const seen = new Map<string, ApplicationView>();
  // What was well at first may be so no longer when the others are, so that all are looked at in the end.
  let isOfAll = true;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = nextPause(pauseMs)) {
    const left = apps.filter((app) => {
      const view = seen.get(app);
      return isOfAll || view === undefined || lacking(view, awaited).length > 0;
    });
    const views = await mapBounded(left, AT_ONCE, (app) => api.get<ApplicationView>(pathOf('applications', app)));
    for (const view of views) seen.set(view.name, view);
    const lacks = views.filter((view) => lacking(view, awaited).length > 0);
    const isOver = lacks.length === 0 && left.length === apps.length;
    if (isOver || performance.now() > deadline) return apps.flatMap((app) => seen.get(app) ?? []);
    isOfAll = lacks.length === 0;
    if (isOfAll) continue;
    progress(lacks.map(({ name }) => name).join(', '));
    await setTimeout(Math.min(pauseMs, Math.max(0, deadline - performance.now())));
  }
}

function lineOf(view: ApplicationView, awaited: Awaited): string {
  const lacks = lacking(view, awaited);
  const seen = [view.sync.status, ...(view.health ? [view.health.status] : [])].join(', ');
  return `${view.name}: ${lacks.length === 0 ? seen : `timed out; ${lacks.join('; ')}`}`;
}
