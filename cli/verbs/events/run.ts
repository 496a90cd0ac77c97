import type { ObjectEvents } from '../../../lib/inspect/events.ts';
import { formatRef } from '../../../lib/model/kube-object.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { EXIT, print, printNote } from '../../text/output.ts';
import { ago, formatTable, onOneLine } from '../../text/table.ts';
import type { RemoteOptions } from '../status/run.ts';

/** `events APP [OBJECT]`: what the cluster says of objects and of what they own. */
export async function events(app: string, object: string | undefined, options: RemoteOptions): Promise<number> {
  const query = new URLSearchParams(object === undefined ? {} : { object });
  const found = await openApi(options).live<ObjectEvents>(`${pathOf('applications', app, 'events')}?${query}`);
  print(options.output, found, () => formatEvents(found, Date.now()));
  for (const reason of found.unread) printNote(reason);
  return found.unread.length > 0 ? EXIT.error : EXIT.ok;
}

function formatEvents({ app, items }: ObjectEvents, now: number): string {
  if (items.length === 0) return `${app}: the cluster has no events, which it keeps for an hour`;
  const rows = items.map(({ object, type, reason, count, last }) => [
    ago(last, now),
    type,
    reason,
    formatRef(object),
    String(count),
  ]);
  const [head = '', ...lines] = formatTable(['LAST', 'TYPE', 'REASON', 'OBJECT', 'COUNT'], rows).split('\n');
  const width = Math.max(...[head, ...lines].map(({ length }) => length));
  // The message is what is looked for, so that it is never cut.
  const withMessage = (line: string, message: string): string => `${line.padEnd(width)}  ${message}`;
  return [
    withMessage(head, 'MESSAGE'),
    ...lines.map((line, place) => withMessage(line, onOneLine((items[place]?.message ?? '').trim()))),
  ].join('\n');
}
