import { userInfo } from 'node:os';
import type { Resumed } from '../../../lib/commands/resume.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { EXIT, print } from '../../text/output.ts';
import { shortRevision } from '../../text/table.ts';
import type { RemoteOptions } from '../status/run.ts';

/** `resume APP`: whatever was pushed in between is deployed. */
export async function resume(app: string, options: RemoteOptions): Promise<number> {
  const wish = { by: userInfo().username };
  const resumed = await openApi(options).post<Resumed>(pathOf('applications', app, 'resume'), wish);
  print(options.output, resumed, () => `${app}: resumed; ${nextOf(resumed)}`);
  return EXIT.ok;
}

/** What happens now, and what a person may do. */
function nextOf({ app, next, head, operation, reason }: Resumed): string {
  const commit = head === undefined ? 'its newest commit' : `its newest commit ${shortRevision(head)}`;
  const sync = `driftless sync ${app}`;
  switch (next) {
    case 'held':
      return `nothing is deployed, ${commit} is held${reason === undefined ? '' : ` (${reason})`}; push a fix, or ${sync} --release deploys it`;
    case 'manual':
      return `nothing is deployed, sync.mode is manual; ${sync} deploys ${commit}`;
    case 'deployed':
      return `nothing is deployed, ${commit} is deployed already`;
    default:
      return `${operation ?? 'an operation'} deploys ${commit}`;
  }
}
