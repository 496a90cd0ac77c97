import { userInfo } from 'node:os';
import type { Suspension } from '../../../lib/model/application-record.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { EXIT, print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';

export type SuspendOptions = RemoteOptions & {
  readonly reason: string;
  /** Milliseconds. */
  readonly for?: number;
};

/** `suspend APP`: stops automatic deployments and corrections until it is resumed or the time is over. */
export async function suspend(app: string, options: SuspendOptions): Promise<number> {
  const { output, reason } = options;
  const until = options.for === undefined ? {} : { until: new Date(Date.now() + options.for).toISOString() };
  const wish = { reason, by: userInfo().username, ...until };
  const suspension = await openApi(options).post<Suspension>(pathOf('applications', app, 'suspend'), wish);
  const end =
    suspension.until === undefined ? `driftless resume ${app} ends the suspension` : `until ${suspension.until}`;
  print(output, suspension, () => `${app}: suspended, no automatic deployments or corrections; ${end}`);
  return EXIT.ok;
}
