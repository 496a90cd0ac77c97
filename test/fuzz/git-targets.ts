import fc from 'fast-check';
import { ByteCursor } from '../../lib/git/protocol/byte-cursor.ts';
import { applyDelta } from '../../lib/git/protocol/delta.ts';
import { oidOf } from '../../lib/git/protocol/git-object.ts';
import { parsePack } from '../../lib/git/protocol/pack.ts';
import { readPkts } from '../../lib/git/protocol/pkt-line.ts';
import { parseAddress } from '../../lib/git/transport/address.ts';
import { parseTree } from '../../lib/git/tree/tree.ts';
import { normalizeRepoUrl } from '../../lib/model/repo-url.ts';
import { lines, packAnswer } from '../lib/git/hostile-server.ts';
import {
  BLOB,
  buildPack,
  commitOf,
  encodeDelta,
  encodeDistance,
  encodeEntry,
  OFS_DELTA,
  oid,
  REF_DELTA,
  seal,
} from '../lib/git/pack-builder.ts';
import { CANARY, changed, corpus, inChunks, type Target, target } from './target.ts';

const SUBJECT = 'https://git.example/shop';
const limits = { packObjects: 1_000, objectBytes: 1_000_000, inflatedBytes: 5_000_000 };

const base = Buffer.from(`password: ${CANARY}\n`);
const delta = encodeDelta(base.length, base.length + 4, [{ offset: 0, length: base.length }, Buffer.from('more')]);
const blob = { code: BLOB, content: base };
const { entries } = commitOf({ 'a.yaml': oid('blob', base) });
const packs = [
  ...corpus('pack'),
  buildPack([...entries, blob]),
  buildPack([blob, { code: REF_DELTA, base: Buffer.from(oid('blob', base), 'hex'), content: delta }]),
  buildPack([blob, { code: OFS_DELTA, base: encodeDistance(encodeEntry(blob).length), content: delta }]),
];
const trees = [
  Buffer.concat([Buffer.from('100644 a.yaml\0'), Buffer.alloc(20, 7)]),
  entries[1]?.content ?? Buffer.alloc(0),
];
const answers = [...packs.map(packAnswer), lines('version 2\n', 'ls-refs\n', 'fetch=shallow filter\n')];

export const gitTargets: readonly Target[] = [
  target('pack', fc.record({ bytes: changed(packs), sealed: fc.boolean() }), ({ bytes, sealed }) => {
    const pack = sealed ? seal(bytes.subarray(0, -20)) : bytes;
    for (const [id, object] of parsePack(pack, { subject: SUBJECT, limits })) {
      if (oidOf(object) !== id) throw new Error(`${id} is not what the object is`);
    }
  }),
  target('delta', changed([delta]), (bytes) => {
    const admit = (size: number) => {
      if (size > limits.objectBytes) throw new RangeError('admitted');
    };
    try {
      applyDelta(base, new ByteCursor(bytes, SUBJECT), admit);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }),
  target('tree', changed(trees.map((tree) => Buffer.from(tree))), (bytes) => {
    parseTree(bytes, SUBJECT);
  }),
  target(
    'pkt-line',
    fc.record({ bytes: changed(answers), sizes: fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 5 }) }),
    async ({ bytes, sizes }) => {
      let read = 0;
      for await (const pkt of readPkts(inChunks(bytes, sizes), SUBJECT))
        read += pkt.kind === 'data' ? pkt.bytes.length : 0;
      if (read > bytes.length) throw new Error('more was read than was sent');
    },
  ),
  target(
    'address',
    fc.record({
      before: fc.constantFrom('https://', 'http://', 'ssh://', 'HTTPS:', ''),
      noise: fc.string(),
      after: fc.string(),
    }),
    ({ before, noise, after }) => {
      const text = `${before}${noise.replaceAll(/[/?#\\]/g, '')}:${CANARY}@${after}`;
      normalizeRepoUrl(text);
      return parseAddress(text).name;
    },
  ),
];
