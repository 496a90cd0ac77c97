// Where a reader of logs is: the time of the last line of each container, as one short text. In and out: the same, for clients to send back. May go wrong:
// RequestInvalid for a text that no page has given. Pure.
import { DriftlessError } from '../../errors.ts';
import { stableHash } from '../../model/stable-hash.ts';

/** The time of the last known line, by container. */
export type LogPositions = ReadonlyMap<string, string>;

export type ContainerRef = { readonly namespace: string; readonly pod: string; readonly container: string };

/** A container in a cursor; names are long, and an address has at most 10 kB. */
export function positionKey({ namespace, pod, container }: ContainerRef): string {
  return stableHash([namespace, pod, container]).slice(0, 10);
}

/** The positions as a text for an address. */
export function formatCursor(positions: LogPositions): string {
  return [...positions].map(([key, at]) => `${key}${at.replaceAll(/[^\d]/g, '')}`).join('.');
}

/** The positions of a cursor. */
export function parseCursor(cursor: string): LogPositions {
  const parts = cursor === '' ? [] : cursor.split('.');
  return new Map(
    parts.map((part) => {
      const found = /^([0-9a-f]{10})(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{9})$/.exec(part);
      if (found === null) throw new DriftlessError('RequestInvalid', 'cursor: is not one that an answer gave');
      const [, key = '', year, month, day, hour, minute, second, fraction] = found;
      return [key, `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`] as const;
    }),
  );
}
