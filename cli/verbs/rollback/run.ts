import { userInfo } from 'node:os';
import type { OperationAnswer } from '../../../lib/commands/person-request.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { followOperation } from '../../client/follow-operation.ts';
import type { RemoteOptions } from '../status/run.ts';

export type RollbackOptions = RemoteOptions & { readonly wait?: boolean; readonly to?: number };

/** `rollback APP`: goes back to an earlier deployment, without Git. */
export async function rollback(app: string, options: RollbackOptions): Promise<number> {
  const { output, wait = false, to } = options;
  const api = openApi(options);
  const wish = { by: userInfo().username, ...(to !== undefined && { toSeq: to }) };
  const asked = await api.post<OperationAnswer>(pathOf('applications', app, 'rollback'), wish);
  return followOperation(asked, { api, output, wait });
}
