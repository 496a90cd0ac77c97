import { userInfo } from 'node:os';
import type { OperationAnswer } from '../../../lib/commands/person-request.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { followOperation } from '../../client/follow-operation.ts';
import type { RemoteOptions } from '../status/run.ts';

export type SyncOptions = RemoteOptions & { readonly wait?: boolean; readonly release?: boolean };

/** `sync APP`: deploys the newest commit now. */
export async function sync(app: string, options: SyncOptions): Promise<number> {
  const { output, wait = false, release } = options;
  const api = openApi(options);
  const wish = { by: userInfo().username, ...(release && { release }) };
  const asked = await api.post<OperationAnswer>(pathOf('applications', app, 'sync'), wish);
  return followOperation(asked, { api, output, wait });
}
