// In: what a scan found, of any size. Out: as much of it as one item holds; what is left out is said.
import type { ClusterRecord, DriftedObject, DriftRecord } from '../../model/drift.ts';
import type { EventDraft } from '../../model/event.ts';

/** The most bytes of JSON that an item is given; DynamoDB's limit is 409,600 with keys and the other attributes. */
const MOST_BYTES = 390_000;

/** A record whose objects keep their fields, in order, as long as there is room; the others say in their note that theirs are left out. */
export function fittingDrift(record: DriftRecord): DriftRecord {
  if (bytes(record) <= MOST_BYTES) return record;
  const shortened = record.objects.map(withoutFields);
  let room = MOST_BYTES - bytes({ ...record, objects: shortened });
  const objects = record.objects.map((object, i) => {
    const short = shortened[i] ?? object;
    const more = bytes(object) - bytes(short);
    if (more > room) return short;
    room -= more;
    return object;
  });
  return { ...record, objects };
}

/** A record with as many of its orphans as there is room for, and their number. */
export function fittingCluster(record: ClusterRecord): ClusterRecord {
  const orphanCount = record.orphanCount ?? record.orphans.length;
  let room = MOST_BYTES - bytes({ ...record, orphans: [], orphanCount });
  const orphans = record.orphans.filter((orphan) => {
    room -= bytes(orphan) + 1;
    return room >= 0;
  });
  return { ...record, orphans, ...(orphanCount > orphans.length && { orphanCount }) };
}

/** An event with as many of its lines as there is room for. */
export function fittingEvent(event: EventDraft): EventDraft {
  const { title, lines } = event.data;
  if (bytes(event) <= MOST_BYTES) return event;
  let room = MOST_BYTES - bytes({ ...event, data: { title, lines: [''] } });
  const fitting = lines.filter((line) => {
    room -= bytes(line) + 1;
    return room >= 0;
  });
  return { ...event, data: { title, lines: [...fitting, `… and ${lines.length - fitting.length} lines more`] } };
}

function withoutFields({ fields, note, ...object }: DriftedObject): DriftedObject {
  if (fields.length === 0) return { ...object, fields, ...(note === undefined ? {} : { note }) };
  const left = `${fields.length} differing field${fields.length === 1 ? ' is' : 's are'} left out: too much to record`;
  return { ...object, fields: [], note: note === undefined ? left : `${note}; ${left}` };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
