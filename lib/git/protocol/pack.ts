// In: a pack as a server sent it. Out: its objects by their id, which is computed, never trusted. May go wrong: a malformed pack is GitProtocol;
// more or larger objects than the limits allow are SourceTooLarge, before they are inflated.
import { createHash } from 'node:crypto';
import { DriftlessError } from '../../errors.ts';
import type { GitLimits } from '../limits.ts';
import { tooLarge } from '../too-large.ts';
import { ByteCursor } from './byte-cursor.ts';
import { applyDelta } from './delta.ts';
import { type GitObject, oidOf } from './git-object.ts';
import { offsetKey, type PackEntry, readEntry } from './pack-entry.ts';

export type PackOptions = {
  /** Begins every error. */
  readonly subject: string;
  readonly limits: Pick<GitLimits, 'packObjects' | 'objectBytes' | 'inflatedBytes'>;
  /** Objects that are cached already, as bases of deltas. */
  readonly cached?: (oid: string) => GitObject | undefined;
};

type Delta = Extract<PackEntry, { readonly kind: 'delta' }>;

const HEADER_BYTES = 12;
const TRAILER_BYTES = 20;

/** Reads a whole pack. */
export function parsePack(pack: Buffer, options: PackOptions): ReadonlyMap<string, GitObject> {
  const count = checkFrame(pack, options);
  const cursor = new ByteCursor(pack.subarray(0, pack.length - TRAILER_BYTES), options.subject, HEADER_BYTES);
  const objects = new Assembly(options);
  for (let index = 0; index < count; index += 1) objects.add(readEntry(cursor, (size) => objects.admit(size)));
  if (!cursor.atEnd) throw cursor.fault('continues after its last object');
  return objects.finish();
}

/** Checks header and checksum, and returns the number of objects. */
function checkFrame(pack: Buffer, { subject, limits }: PackOptions): number {
  const fault = (what: string) => new DriftlessError('GitProtocol', `${subject}: the pack ${what}`);
  if (pack.length < HEADER_BYTES + TRAILER_BYTES) throw fault(`ends too early (at byte ${pack.length})`);
  if (pack.toString('latin1', 0, 4) !== 'PACK') throw fault('does not begin with PACK');
  const version = pack.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw fault(`has version ${version}; 2 is known`);
  const body = pack.subarray(0, -TRAILER_BYTES);
  if (!createHash('sha1').update(body).digest().equals(pack.subarray(-TRAILER_BYTES))) {
    throw fault('does not match its checksum; it was cut off or changed on its way');
  }
  const count = pack.readUInt32BE(8);
  if (count > limits.packObjects) throw tooLarge(subject, 'packObjects', { actual: count, limit: limits.packObjects });
  return count;
}

/** The objects of a pack so far; a delta waits for its base, which may come later. */
class Assembly {
  readonly #options: PackOptions;
  readonly #byOid = new Map<string, GitObject>();
  readonly #byOffset = new Map<string, GitObject>();
  readonly #waiting = new Map<string, Delta[]>();
  #inflatedBytes = 0;

  constructor(options: PackOptions) {
    this.#options = options;
  }

  /** Refuses a size before it is allocated. */
  admit(size: number): void {
    const { subject, limits } = this.#options;
    if (size > limits.objectBytes) throw tooLarge(subject, 'objectBytes', { actual: size, limit: limits.objectBytes });
    this.#inflatedBytes += size;
    if (this.#inflatedBytes <= limits.inflatedBytes) return;
    throw tooLarge(subject, 'inflatedBytes', { actual: this.#inflatedBytes, limit: limits.inflatedBytes });
  }

  add(entry: PackEntry): void {
    const object = entry.kind === 'whole' ? entry : this.#rebuildOrWait(entry);
    if (object !== undefined) this.#complete(entry.offset, { type: object.type, bytes: object.bytes });
  }

  finish(): ReadonlyMap<string, GitObject> {
    const [base] = this.#waiting.keys();
    if (base === undefined) return this.#byOid;
    throw new DriftlessError('GitProtocol', `${this.#options.subject}: the pack has a delta without its base ${base}`);
  }

  #rebuildOrWait(entry: Delta): GitObject | undefined {
    const base = this.#find(entry.base);
    if (base !== undefined) return this.#rebuild(base, entry);
    const others = this.#waiting.get(entry.base);
    if (others === undefined) this.#waiting.set(entry.base, [entry]);
    else others.push(entry);
    return undefined;
  }

  #find(key: string): GitObject | undefined {
    return this.#byOffset.get(key) ?? this.#byOid.get(key) ?? this.#options.cached?.(key);
  }

  #rebuild(base: GitObject, { bytes, offset }: PackEntry): GitObject {
    const delta = new ByteCursor(bytes, `${this.#options.subject}: delta at byte ${offset}`);
    const result = applyDelta(base.bytes, delta, (size) => this.admit(size));
    return { type: base.type, bytes: result };
  }

  /** Records an object, then those that waited for it, then those that waited for them: a list, since chains are long. */
  #complete(offset: number, object: GitObject): void {
    const done = [{ offset, object }];
    for (let next = done.pop(); next !== undefined; next = done.pop()) {
      const oid = oidOf(next.object);
      this.#byOid.set(oid, next.object);
      this.#byOffset.set(offsetKey(next.offset), next.object);
      for (const key of [oid, offsetKey(next.offset)]) {
        for (const entry of this.#waiting.get(key) ?? []) {
          done.push({ offset: entry.offset, object: this.#rebuild(next.object, entry) });
        }
        this.#waiting.delete(key);
      }
    }
  }
}
