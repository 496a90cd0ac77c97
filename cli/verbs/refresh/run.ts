import { userInfo } from 'node:os';
import type { RefreshAnswer } from '../../../lib/commands/refresh.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { askEach, noAnswers } from '../../client/ask-each.ts';
import { type Choice, chosenApplications } from '../../client/chosen-applications.ts';
import { applicationSeen, exitCodeOf, type Seen, viewedAs } from '../../exit-code.ts';
import { print, printNote } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import { formatApplication } from '../../text/status-text.ts';
import type { RemoteOptions } from '../status/run.ts';

export type RefreshOptions = RemoteOptions & Choice & { readonly ignoreWaiting?: boolean };

/** `refresh APP…`: what Git and the cluster say now. What is due is requested, as a sweep and a scan would. */
export async function refresh(names: readonly string[], options: RefreshOptions): Promise<number> {
  const api = openApi(options);
  const apps = await chosenApplications('refresh', names, { ...options, api });
  const wish = { by: userInfo().username };
  const ask = (app: string): Promise<RefreshAnswer> => api.post(pathOf('applications', app, 'refresh'), wish);
  const { answers: found, failed } = await withProgress('asking Git and the cluster', () =>
    askEach(apps, { ask, nameOf: String }, options.output),
  );
  if (found.some(({ git }) => git === 'swept'))
    printNote('Git was not asked: the API of this deployer cannot reach it; the sweep asks it every five minutes');
  for (const { application, git, reason } of found)
    if (git === 'unanswered')
      printNote(`${application.name}: Git did not answer, ${reason}; the head is that of before`);
  const views = found.map(({ application }) => application);
  print(options.output, found, () => views.map((view) => formatApplication(view, Date.now())).join('\n\n'), {
    colours: true,
  });
  const seen = found.flatMap(({ application, git }): readonly Seen[] => [
    ...applicationSeen(viewedAs(application)),
    git === 'unanswered' ? 'unknown' : 'well',
  ]);
  return exitCodeOf([...noAnswers(failed), ...seen], options);
}
