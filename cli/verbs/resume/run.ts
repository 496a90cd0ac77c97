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

function nextOf({ app, operation, held }: Resumed): string {
  if (held !== undefined)
    return `its newest commit ${shortRevision(held)} is held; push a fix, or driftless sync ${app} --release deploys it`;
  return operation === undefined
    ? `driftless sync ${app} deploys the newest commit`
    : `${operation} deploys the newest commit`;
}
