// In: what is known of the head of a ref before and after Git was asked. Out: whether the source is lost, and the event where that changes.
import type { ErrorCode } from '../errors.ts';
import { type EventDraft, eventOf } from '../model/event.ts';
import type { KnownHead, SourceProblem } from '../model/head.ts';

/** What Git and the credentials say for certain. Anything else may be over in a moment. */
const DEFINITE: readonly ErrorCode[] = [
  'GitAccessDenied',
  'ProjectForbids',
  'RefNotFound',
  'RepositoryEmpty',
  'SecretInvalid',
  'SourceRefused',
];

/** A server that has not answered for so long is lost, too. */
const LOST_AFTER_MS = 15 * 60_000;

/** The problem after Git has given no answer once more; its words stay while its code does. */
export function problemAfter(
  before: SourceProblem | undefined,
  { code, message }: { readonly code: ErrorCode; readonly message: string },
  now: number,
): SourceProblem {
  const since = before?.since ?? new Date(now).toISOString();
  const isLost = before?.isLost ?? (DEFINITE.includes(code) || now - Date.parse(since) >= LOST_AFTER_MS);
  const words = before?.code === code ? before.message : message;
  return { code, message: words, since, ...(isLost && { isLost }) };
}

/** The event of a source that is lost, or there again. */
export function sourceNews(
  app: string,
  { before, after, now }: { readonly before: KnownHead | undefined; readonly after: KnownHead; readonly now: number },
): readonly EventDraft[] {
  const at = new Date(now).toISOString();
  const { problem } = after;
  if (problem?.isLost && !before?.problem?.isLost) {
    const { code, message, since } = problem;
    const title = `${app}: its source is lost, so nothing is deployed from it`;
    return [
      eventOf({ kind: 'source.lost', at, app, title, lines: [message] }, { key: `source.lost ${since} ${code}` }),
    ];
  }
  return problem === undefined && before !== undefined ? sourceFound(app, before, at) : [];
}

/** The event of a lost source that is there again. */
export function sourceFound(app: string, { problem }: KnownHead, at: string): readonly EventDraft[] {
  if (!problem?.isLost) return [];
  const { since, message } = problem;
  const notification = {
    kind: 'source.found',
    at,
    app,
    title: `${app}: its source is there again`,
    lines: [`it was lost since ${since}: ${message}`],
  } as const;
  return [eventOf(notification, { key: `source.found ${since}` })];
}
