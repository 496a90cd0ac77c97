import { userInfo } from 'node:os';
import type { OperationAnswer } from '../../../lib/commands/person-request.ts';
import { formatChangeSet } from '../../../lib/diff/format.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { HeadPlan } from '../../../lib/sync/plan-head.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import { askEach, noAnswers } from '../../client/ask-each.ts';
import { type Choice, chosenApplications } from '../../client/chosen-applications.ts';
import { endOf, followOperation, formatAsked, formatEnded } from '../../client/follow-operation.ts';
import { exitCodeOf, outcomeSeen, type Seen } from '../../exit-code.ts';
import { print } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import { shortRevision } from '../../text/table.ts';
import type { RemoteOptions } from '../status/run.ts';

export type SyncOptions = RemoteOptions &
  Choice & { readonly wait?: boolean; readonly release?: boolean; readonly dryRun?: boolean };

/** `sync APP…`: deploys the newest commit now, or plans it. */
export async function sync(names: readonly string[], options: SyncOptions): Promise<number> {
  const { output, wait = false, release } = options;
  const api = openApi(options);
  const apps = await chosenApplications('sync', names, { ...options, api });
  if (options.dryRun) return dryRun(apps, options, api);
  const wish = { by: userInfo().username, ...(release && { release }) };
  const ask = (app: string): Promise<OperationAnswer> => api.post(pathOf('applications', app, 'sync'), wish);
  const [only, ...others] = apps;
  // One alone is answered as an object, as it always was.
  if (names.length === 1 && only !== undefined && others.length === 0)
    return followOperation(await ask(only), { api, output, wait });
  const { answers, failed } = await askEach(apps, { ask, nameOf: String }, output);
  const seen = noAnswers(failed);
  if (wait) return followAll(answers, { api, output, seen });
  print(output, answers, () => answers.map(formatAsked).join('\n'));
  return exitCodeOf(seen);
}

type Following = { readonly api: Api; readonly output: SyncOptions['output']; readonly seen: readonly Seen[] };

async function followAll(asked: readonly OperationAnswer[], { api, output, seen }: Following): Promise<number> {
  const { answers: ended, failed } = await withProgress(`${asked.length} operations`, (progress) =>
    askEach(asked, { ask: (one): Promise<Operation> => endOf(one, api, progress), nameOf: ({ app }) => app }, output),
  );
  print(output, ended, () => ended.map(formatEnded).join('\n'));
  return exitCodeOf([...seen, ...noAnswers(failed), ...ended.map(({ outcome }) => outcomeSeen(outcome?.status))]);
}

/** What the newest commits would change; nothing is written. */
async function dryRun(apps: readonly string[], { output }: SyncOptions, api: Api): Promise<number> {
  const ask = (app: string): Promise<HeadPlan> => api.post(pathOf('applications', app, 'plan'), {});
  const { answers: plans, failed } = await withProgress('planning', () =>
    askEach(apps, { ask, nameOf: String }, output),
  );
  const text = (plan: HeadPlan): string => `${plan.app} at ${shortRevision(plan.revision)}:\n${formatChangeSet(plan)}`;
  print(output, plans, () => plans.map(text).join('\n\n'), { colours: true });
  return exitCodeOf([...noAnswers(failed), ...plans.flatMap(seenIn)]);
}

function seenIn({ changes, refusals }: HeadPlan): readonly Seen[] {
  const writes = changes.some(({ action }) => action !== 'unchanged' && action !== 'skipped');
  return [...refusals.map(() => 'refused' as const), writes ? 'notWell' : 'well'];
}
