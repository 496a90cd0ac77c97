// The lines of several containers as one page in the order of time. In: what each server answer holds after a position. Out: lines and the next positions. Pure.

/** One line of a log. `at` is ISO 8601, to the nanosecond. */
type StampedLine = { readonly at: string; readonly line: string };

export type ContainerLine = StampedLine & {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
};

/** What a container's log holds after the position that was asked for. */
export type LogPart = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly StampedLine[];
  /** Whether the answer ended before the log did. */
  readonly isCut: boolean;
};

export type LogPage = {
  readonly items: readonly ContainerLine[];
  /** Whether there are more lines already. */
  readonly isMore: boolean;
};

const STAMP = /^(\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) ?/;

/** Lambda answers with 6 MB at most, in which quotes and backslashes count twice. */
const PAGE_BYTES = 2_500_000;

/**
 * The lines of a server's answer after a position. Of an answer that was cut, the last line may be half; it comes whole with the next page.
 * @param after the time of the last line that is known; '' for none
 */
export function linesOf(
  text: string,
  { after, isCut }: { readonly after: string; readonly isCut: boolean },
): readonly StampedLine[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (last !== '' && (!isCut || lines.length === 0)) lines.push(last);
  let at = '';
  return lines.flatMap((line) => {
    const found = STAMP.exec(line);
    const [stamp = '', seconds, fraction = '', zone = 'Z'] = found ?? [];
    if (seconds !== undefined) at = utc(seconds, fraction, zone);
    return at > after ? [{ at, line: line.slice(stamp.length) }] : [];
  });
}

/** All lines in the order of time, up to where the first answer was cut, so that no later page holds an older line. */
export function logPage(parts: readonly LogPart[]): LogPage {
  const ends = parts.flatMap(({ lines, isCut }) => (isCut ? [lines.at(-1)?.at ?? ''] : []));
  const end = ends.reduce<string | undefined>(
    (first, at) => (first === undefined || at < first ? at : first),
    undefined,
  );
  const all = parts
    .flatMap(({ lines, namespace, pod, container }) => lines.map((line) => ({ ...line, namespace, pod, container })))
    .filter(({ at }) => end === undefined || at <= end)
    .toSorted((a, b) => (a.at === b.at ? 0 : a.at > b.at ? 1 : -1));
  const items: ContainerLine[] = [];
  let bytes = 0;
  for (const line of all) {
    bytes += JSON.stringify(line).length;
    if (bytes > PAGE_BYTES && items.length > 0 && line.at !== items.at(-1)?.at) break;
    items.push(line);
  }
  return { items, isMore: ends.length > 0 || items.length < all.length };
}

/** A time of a node as UTC with nine digits of a second, so that times compare as texts. */
function utc(seconds: string, fraction: string, zone: string): string {
  return `${new Date(Date.parse(`${seconds}${zone}`)).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0').slice(0, 9)}Z`;
}
