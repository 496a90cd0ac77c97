// In: the bytes of a packed chart. Out: its files by their paths in the archive; undefined for what is no archive, or more than a chart may hold. Read only to
// tell what a rendering depends on; Helm reads the archive itself.
import { gunzipSync } from 'node:zlib';
import type { FileTree } from '../../model/source-tree.ts';

const BLOCK = 512;
const LONG_NAME = 'L';
const PAX = 'x';
const FILE = ['0', '\0'];

/** The files of an archive, and how many bytes it holds in all. */
type UnpackedChart = { readonly files: FileTree; readonly bytes: number };

/** Unpacks a `.tgz` in memory, unless it holds more than so many bytes. */
export function unpackChart(archive: Uint8Array, maxBytes: number): UnpackedChart | undefined {
  try {
    const tar = gunzipSync(archive, { maxOutputLength: maxBytes });
    return { files: untar(tar), bytes: tar.length };
  } catch {
    return undefined;
  }
}

function untar(tar: Buffer): FileTree {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (const { header, content } of entriesOf(tar)) {
    const type = String.fromCharCode(header[156] ?? 0);
    if (FILE.includes(type)) files.set(longName ?? nameOf(header), content);
    longName = longNameIn(type, content);
  }
  if (files.size === 0) throw new RangeError('no file in the archive');
  return files;
}

function* entriesOf(tar: Buffer): Generator<{ readonly header: Buffer; readonly content: Buffer }> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(text(header, 124, 136).trim() || '0', 8);
    if (!(size >= 0)) throw new RangeError('no tar archive');
    yield { header, content: tar.subarray(at + BLOCK, at + BLOCK + size) };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The name of the next entry, where it is too long for its header. */
function longNameIn(type: string, content: Buffer): string | undefined {
  if (type === LONG_NAME) return text(content, 0, content.length);
  return type === PAX ? /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1] : undefined;
}

function nameOf(header: Buffer): string {
  const [name, prefix] = [text(header, 0, 100), text(header, 345, 500)];
  const isUstar = text(header, 257, 262) === 'ustar';
  return isUstar && prefix !== '' ? `${prefix}/${name}` : name;
}

function text(bytes: Buffer, from: number, to: number): string {
  const part = bytes.subarray(from, to);
  const end = part.indexOf(0);
  return part.toString('utf8', 0, end < 0 ? part.length : end);
}
