import { formatChangeSet } from '../../../lib/diff/format.ts';
import type { HeadDiff } from '../../../lib/inspect/diff/diff-head.ts';
import type { LiveDiff } from '../../../lib/inspect/diff/diff-live.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import { EXIT, print } from '../../text/output.ts';
import { shortRevision } from '../../text/table.ts';
import type { RemoteOptions } from '../status/run.ts';

export type DiffOptions = RemoteOptions & { readonly object?: string; readonly against?: 'live' | 'head' };

type Answer = { readonly app: string; readonly live?: LiveDiff; readonly head?: HeadDiff };

/** `diff APP`: live against deployed, and deployed against the head of Git. */
export async function diff(app: string, options: DiffOptions): Promise<number> {
  const { object, against, output } = options;
  const query = new URLSearchParams({ ...(object !== undefined && { object }), ...(against && { against }) });
  const answer = await openApi(options).live<Answer>(`${pathOf('applications', app, 'diff')}?${query}`);
  print(output, answer, () => formatAnswer(answer), { colours: true });
  const sides = [answer.live, answer.head].filter((side) => side !== undefined);
  if (sides.some(({ unread }) => unread.length > 0) || (answer.head?.refusals.length ?? 0) > 0) return EXIT.error;
  return sides.some(({ changes }) => changes.length > 0) ? EXIT.differs : EXIT.ok;
}

function formatAnswer({ live, head }: Answer): string {
  return [
    ...(live ? formatLive(live) : []),
    ...(live && head ? [''] : []),
    ...(head ? [`Deployed → head ${shortRevision(head.revision)}`, ...formatSide(head)] : []),
  ].join('\n');
}

function formatLive(live: LiveDiff): readonly string[] {
  if (live.revision === undefined) return ['Live → deployed', 'nothing has been deployed yet'];
  return [`Live → deployed ${shortRevision(live.revision)}`, ...formatSide(live)];
}

function formatSide(side: LiveDiff | HeadDiff): readonly string[] {
  const { changes, unread } = side;
  const refusals = 'refusals' in side ? side.refusals : [];
  const isSame = changes.length === 0 && refusals.length === 0;
  const text = isSame ? (unread.length === 0 ? 'no difference' : '') : formatChangeSet({ changes, refusals });
  return [...(text === '' ? [] : [text]), ...unread.map((reason) => `? not compared: ${reason}`)];
}
