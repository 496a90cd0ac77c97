import { userInfo } from 'node:os';
import type { TerminateAnswer } from '../../../lib/commands/terminate.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { endOf } from '../../client/follow-operation.ts';
import { EXIT, print } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import type { RemoteOptions } from '../status/run.ts';

export type TerminateOptions = RemoteOptions & { readonly wait?: boolean };

/** `terminate APP`: the running operation ends at its next boundary; what it has applied stays. */
export async function terminate(app: string, options: TerminateOptions): Promise<number> {
  const api = openApi(options);
  const wish = { by: userInfo().username };
  const asked = await api.post<TerminateAnswer>(pathOf('applications', app, 'terminate'), wish);
  const { operation, terminated, seq } = asked;
  if (!options.wait) {
    const text = `${operation}: operation ${terminated} ends at its next boundary; driftless sync ${app} deploys again`;
    print(options.output, asked, () => text);
    return EXIT.ok;
  }
  const ended = await withProgress(operation, (progress) => endOf({ app, seq }, api, progress));
  print(options.output, ended, () => `${operation}: ${ended.outcome?.message ?? 'has ended'}`);
  return EXIT.ok;
}
