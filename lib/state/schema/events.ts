// In: the items of event streams. Out: typed records. What may go wrong: as in records.ts.
import { z } from 'zod';
import type { EventDraft, EventStream, StreamEvent } from '../../model/event.ts';
import { json, parsed } from './records.ts';
import type { Shape } from './shape.ts';

type Item = Readonly<Record<string, unknown>>;

const text = z.string();
const count = z.int().nonnegative();

const head = z.object({ n: count, keys: z.array(text).readonly() });

/** The place of the newest event of a stream, and the keys of the newest events, the last one at the end. */
export type StreamHead = z.infer<typeof head>;

const event = z.object({
  v: z.literal(1),
  n: z.int().positive(),
  at: text,
  kind: z.enum([
    'drift.opened',
    'drift.changed',
    'drift.resolved',
    'drift.fighting',
    'drift.failing',
    'cluster.unreachable',
    'cluster.reachable',
    'alarm.rolledBack',
    'alarm.checked',
    'health.degraded',
    'health.recovered',
    'source.lost',
    'source.found',
    'deployment.failed',
    'deployment.refused',
    'deployment.recovered',
  ]),
  app: text.exactOptional(),
  cluster: text.exactOptional(),
  seq: count.exactOptional(),
  revision: text.exactOptional(),
  key: text,
  data: json.pipe(z.object({ title: text, lines: z.array(text).readonly() } satisfies Shape<EventDraft['data']>)),
} satisfies Shape<Omit<StreamEvent, 'stream'>>);

/** Reads the newest place of a stream; 0 where nothing was written yet. */
export function parseHead(stream: EventStream, item: Item | undefined): StreamHead {
  return item === undefined ? { n: 0, keys: [] } : parsed(head, item, `event stream ${stream}: its newest place`);
}

/** Reads an event. */
export function parseEvent(stream: EventStream, item: Item): StreamEvent {
  return { ...parsed(event, item, `event stream ${stream}: ${String(item['sk'])}`), stream };
}

/** Reads the place that a sink has received a stream up to; 0 before the first. */
export function parseCursor(stream: EventStream, item: Item | undefined): number {
  if (item === undefined) return 0;
  return parsed(z.object({ n: count }), item, `event stream ${stream}: ${String(item['sk'])}`).n;
}
