// What is fuzzed: inputs, and the code that they are given to. Whatever comes, the code answers in time, throws nothing but a DriftlessError,
// and tells nobody the secret that is planted in its input.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DriftlessError } from '../../lib/errors.ts';

/** The secret that is planted. */
export const CANARY = 'c4n4ry-9d2e-in-the-input';

/** Processor time that one input may take; a small part of it is what is usual. */
const MOST_CPU_MS = 1_500;

export type Target = { readonly name: string; readonly property: fc.IAsyncProperty<[unknown]> };

/** A target; what the work gives back is what it tells, beside the errors that it throws. */
export function target<T>(name: string, inputs: fc.Arbitrary<T>, work: (input: T) => unknown): Target {
  const property = fc.asyncProperty(inputs, async (input) => {
    const before = process.cpuUsage();
    const told = await toldBy(() => work(input));
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > MOST_CPU_MS) throw new Error(`${name}: took ${Math.round(ms)} ms of processor time`);
    if (holdsCanary(told)) throw new Error(`${name}: tells the secret: ${told}`);
  });
  return { name, property: property as unknown as fc.IAsyncProperty<[unknown]> };
}

async function toldBy(work: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await work()) ?? '';
  } catch (error) {
    if (!(error instanceof DriftlessError)) throw error;
    return `${error.code}: ${error.message}; ${error.hint}`;
  }
}

function holdsCanary(text: string): boolean {
  return text.includes(CANARY) || text.includes(Buffer.from(CANARY).toString('base64').slice(0, 20));
}

/** The files of a folder of the corpus. */
export function corpus(folder: string): readonly Buffer[] {
  const path = join(import.meta.dirname, 'corpus', folder);
  return readdirSync(path)
    .sort()
    .map((name) => readFileSync(join(path, name)));
}

type Edit = (bytes: Buffer, others: readonly Buffer[]) => Buffer;

const place = fc.nat(1_000_000);
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ maxLength: 8 }).map((text) => Buffer.from(text)),
);

function splice(bytes: Buffer, at: number, removed: number, added: Uint8Array): Buffer {
  const start = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(Math.min(bytes.length, start + removed))]);
}

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ at: place, byte: fc.nat(255) }).map(
    ({ at, byte }): Edit =>
      (bytes) =>
        splice(bytes, at, 1, Buffer.from([byte])),
  ),
  fc.record({ at: place, added: pieces }).map(
    ({ at, added }): Edit =>
      (bytes) =>
        splice(bytes, at, 0, added),
  ),
  fc.record({ at: place, removed: fc.nat(50) }).map(
    ({ at, removed }): Edit =>
      (bytes) =>
        splice(bytes, at, removed, Buffer.alloc(0)),
  ),
  fc.record({ at: place, length: fc.integer({ min: 1, max: 40 }), times: fc.integer({ min: 1, max: 2_000 }) }).map(
    ({ at, length, times }): Edit =>
      (bytes) => {
        const start = at % (bytes.length + 1);
        const piece = bytes.subarray(start, start + length);
        return splice(bytes, start, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
      },
  ),
  fc.record({ from: place, to: place, other: place }).map(
    ({ from, to, other }): Edit =>
      (bytes, others) => {
        const donor = others[other % others.length] ?? bytes;
        return Buffer.concat([bytes.subarray(0, to % (bytes.length + 1)), donor.subarray(from % (donor.length + 1))]);
      },
  ),
);

/** An entry of the corpus, changed in some places. */
export function changed(entries: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .record({ entry: fc.constantFrom(...entries), changes: fc.array(edits, { maxLength: 6 }) })
    .map(({ entry, changes }) => changes.reduce((bytes, edit) => edit(bytes, entries), entry));
}

/** Bytes in chunks of any size, as a network has them. */
export async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
    yield bytes.subarray(at, at + Math.max(1, size));
    at += Math.max(1, size);
  }
}
