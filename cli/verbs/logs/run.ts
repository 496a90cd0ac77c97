import { setTimeout } from 'node:timers/promises';
import type { ContainerLine } from '../../../lib/inspect/logs/log-page.ts';
import type { ApplicationLogs } from '../../../lib/inspect/logs/logs.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { EXIT, print, printNote } from '../../text/output.ts';

export type LogsOptions = Partial<DeployerAddress> & {
  readonly follow?: boolean;
  readonly container?: string;
  readonly previous?: boolean;
  /** In milliseconds. */
  readonly since?: number;
  readonly tail?: number;
  readonly timestamps?: boolean;
  readonly output: 'text' | 'json';
};

/** Milliseconds between two requests of `--follow`. */
const FOLLOW_MS = 2_000;

/** `logs APP [OBJECT]`: pages of lines in the order of time; with `--follow` also those that come. */
export async function logs(app: string, object: string | undefined, options: LogsOptions): Promise<number> {
  const api = openApi(options);
  const noted = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const query = queryOf(object, cursor, options);
    const page = await api.live<ApplicationLogs>(`${pathOf('applications', app, 'logs')}?${query}`);
    printPage(page, options);
    for (const reason of page.unread) {
      if (!noted.has(reason)) printNote(reason);
      noted.add(reason);
    }
    cursor = page.cursor;
    if (page.isMore) continue;
    if (options.follow) await setTimeout(FOLLOW_MS);
    else return endOf(app, object, page);
  }
}

function endOf(app: string, object: string | undefined, { containers, unread }: ApplicationLogs): number {
  if (containers.length === 0) printNote(`${object ?? app}: has no pods`);
  return unread.length > 0 ? EXIT.error : EXIT.ok;
}

function queryOf(
  object: string | undefined,
  cursor: string | undefined,
  { container, previous, since, tail }: LogsOptions,
): URLSearchParams {
  return new URLSearchParams({
    ...(object !== undefined && { object }),
    ...(container !== undefined && { container }),
    ...(previous && { previous: 'true' }),
    ...(since !== undefined && { sinceSeconds: String(Math.ceil(since / 1000)) }),
    ...(tail !== undefined && { tail: String(tail) }),
    ...(cursor !== undefined && cursor !== '' && { cursor }),
  });
}

function printPage({ items, containers }: ApplicationLogs, { timestamps, output }: LogsOptions): void {
  if (output === 'json') for (const line of items) print('json', line, () => '');
  else if (items.length > 0)
    print('text', items, () => items.map((line) => formatLine(line, { containers, timestamps })).join('\n'));
}

type Look = Pick<ApplicationLogs, 'containers'> & { readonly timestamps: boolean | undefined };

/** `api-5d5 api | line`; the container is named where a pod has several. */
function formatLine({ at, pod, container, line }: ContainerLine, { containers, timestamps }: Look): string {
  const pods = new Set(containers.map((one) => one.pod));
  const inPod = containers.filter((one) => one.pod === pod).length;
  const prefix = [...(pods.size > 1 ? [pod] : []), ...(inPod > 1 ? [container] : [])].join(' ');
  return `${timestamps ? `${at} ` : ''}${prefix === '' ? '' : `${prefix} | `}${line}`;
}
