import type { ShownOperation } from '../../../lib/queries/history.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { formatHistory } from '../../text/history-text.ts';
import { EXIT, print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';

/** `history APP`: what was deployed when, and how it ended; the newest first. */
export async function history(app: string, options: RemoteOptions & { readonly limit: number }): Promise<number> {
  const path = `${pathOf('applications', app, 'operations')}?limit=${options.limit}`;
  const { operations } = await openApi(options).get<{ readonly operations: readonly ShownOperation[] }>(path);
  print(options.output, operations, () => formatHistory(operations, Date.now()));
  return EXIT.ok;
}
