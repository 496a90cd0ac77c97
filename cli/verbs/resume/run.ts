import { userInfo } from 'node:os';
import type { Resumed } from '../../../lib/commands/resume.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { EXIT, print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';

/** `resume APP`: whatever was pushed in between is deployed. */
export async function resume(app: string, options: RemoteOptions): Promise<number> {
  const wish = { by: userInfo().username };
  const resumed = await openApi(options).post<Resumed>(pathOf('applications', app, 'resume'), wish);
  const next =
    resumed.operation === undefined ? 'driftless sync deploys it' : `${resumed.operation} deploys the newest commit`;
  print(options.output, resumed, () => `${app}: resumed; ${next}`);
  return EXIT.ok;
}
