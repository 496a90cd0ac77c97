import { userInfo } from 'node:os';
import type { AdoptAllAnswer } from '../../../lib/commands/adopt.ts';
import type { OperationAnswer } from '../../../lib/commands/person-request.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { followOperation } from '../../client/follow-operation.ts';
import { exitCodeOf } from '../../exit-code.ts';
import { print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';

export type AdoptOptions = RemoteOptions & { readonly from?: string; readonly all?: boolean; readonly wait?: boolean };

/** `adopt APP`, `adopt --all`: takes over what Git holds and the rules refuse otherwise. */
export async function adopt(app: string | undefined, options: AdoptOptions): Promise<number> {
  const { output, from, wait = false, all = false } = options;
  const wish = { by: userInfo().username, ...(from !== undefined && { from }) };
  if (all) return adoptAll(app, wish, options);
  if (app === undefined) throw new DriftlessError('UsageInvalid', 'adopt: name an application, or write --all');
  const api = openApi(options);
  const asked = await api.post<OperationAnswer>(pathOf('applications', app, 'adopt'), wish);
  return followOperation(asked, { api, output, wait });
}

async function adoptAll(app: string | undefined, wish: object, options: AdoptOptions): Promise<number> {
  if (app !== undefined)
    throw new DriftlessError('UsageInvalid', `adopt --all: is for all applications; remove ${app}`);
  if (options.from === undefined)
    throw new DriftlessError('UsageInvalid', 'adopt --all: --from is missing; name the identity that the table notes');
  if (options.wait) throw new DriftlessError('UsageInvalid', 'adopt --all: --wait is for one application; remove it');
  const answer = await openApi(options).post<AdoptAllAnswer>('/adopt', wish);
  print(options.output, answer, () => formatAdoption(answer));
  return exitCodeOf(answer.blocked.map(() => 'notWell'));
}

function formatAdoption({ deployer, from, operations, blocked }: AdoptAllAnswer): string {
  return [
    `the state table belongs to deployer "${deployer}" now, in place of "${from}"`,
    ...operations.map(({ operation, status }) => `${operation}: ${status}`),
    ...blocked.map(
      ({ app, reason }) => `${app}: not requested: ${reason}; then: driftless adopt ${app} --from ${from}`,
    ),
  ].join('\n');
}
