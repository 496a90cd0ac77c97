// In: a commit object. Out: its parents, and what it says of itself as text that is safe to show. Nothing goes wrong: what cannot be read is replaced, since a
// commit with an odd author is deployed as any other.
import type { Commit } from '../../model/commit.ts';
import { visible } from '../../model/visible-text.ts';

export type CommitObject = { readonly parents: readonly string[]; readonly commit: Commit };

const MAX_SUBJECT = 200;
const MAX_AUTHOR = 100;
const MAX_EMAIL = 200;
const UNKNOWN = 'unknown';

/** Of a commit with megabytes of message, the beginning is enough; signatures and many parents come before it. */
const READ_BYTES = 64 * 1024;

/** Of a line that names a person; the search for the angle brackets would take hours in a line of megabytes. */
const PERSON_BYTES = 1_000;

/** Reads a commit. */
export function readCommit(bytes: Buffer): CommitObject {
  const end = endOfHeaders(bytes);
  const headers = bytes.toString('latin1', 0, end).split('\n');
  const decode = decoderOf(valuesOf(headers, 'encoding')[0]);
  const author = personOf(lineOf(bytes, headers, 'author'), decode);
  const committer = personOf(lineOf(bytes, headers, 'committer'), decode);
  return {
    parents: valuesOf(headers, 'parent').filter((oid) => /^[0-9a-f]{40}$/.test(oid)),
    commit: {
      author: author.name,
      ...(author.email !== '' && { email: author.email }),
      at: committer.at,
      subject: subjectOf(decode(bytes.subarray(end + 2, end + 2 + READ_BYTES))),
      signed: headers.some((line) => line.startsWith('gpgsig ') || line.startsWith('gpgsig-sha256 ')),
    },
  };
}

/** Where the empty line is that ends the headers. */
function endOfHeaders(bytes: Buffer): number {
  const found = bytes.indexOf('\n\n');
  return found === -1 ? bytes.length : found;
}

function valuesOf(headers: readonly string[], name: string): readonly string[] {
  return headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
}

/** The bytes of a header's value, up to the length of a person's. */
function lineOf(bytes: Buffer, headers: readonly string[], name: string): Buffer {
  let offset = 0;
  for (const line of headers) {
    if (line.startsWith(`${name} `))
      return bytes.subarray(offset + name.length + 1, offset + Math.min(line.length, PERSON_BYTES));
    offset += line.length + 1;
  }
  return Buffer.alloc(0);
}

type Decode = (bytes: Buffer) => string;

/** Git's text is UTF-8 unless the commit names another encoding. */
function decoderOf(encoding = 'utf-8'): Decode {
  try {
    const decoder = new TextDecoder(encoding);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return (bytes) => new TextDecoder().decode(bytes);
  }
}

/** `Ada Lovelace <ada@example.com> 1700000000 +0100`. */
function personOf(
  line: Buffer,
  decode: Decode,
): { readonly name: string; readonly email: string; readonly at: string } {
  const text = decode(line);
  const [, name = '', email = '', seconds = ''] = /^(.*?) ?<([^>]*)>(?: (-?\d{1,15}))?/s.exec(text) ?? [];
  return { name: shown(name, MAX_AUTHOR) || UNKNOWN, email: shown(email, MAX_EMAIL), at: timeOf(Number(seconds)) };
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** The first line that is not empty. */
function subjectOf(message: string): string {
  const line = message.split('\n').find((one) => one.trim() !== '') ?? '';
  return shown(line, MAX_SUBJECT);
}

/** One line of text in which nothing is obeyed, cut between characters. */
function shown(text: string, most: number): string {
  const line = visible(text.replace(/[\s]+/gu, ' ').trim());
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
