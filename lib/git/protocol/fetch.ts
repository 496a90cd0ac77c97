// In: the ids of objects. Out: these objects and others that the server sends with them. May go wrong: objects that the server does not have
// are CommitNotFound; limits are SourceTooLarge, while the response still arrives; anything malformed is GitProtocol.
import { DriftlessError } from '../../errors.ts';
import type { GitLimits } from '../limits.ts';
import { tooLarge } from '../too-large.ts';
import { type Remote, type Session, serverError } from '../transport/remote.ts';
import type { GitObject } from './git-object.ts';
import { parsePack } from './pack.ts';
import type { Pkt } from './pkt-line.ts';

export type Objects = ReadonlyMap<string, GitObject>;

type Fetch = {
  readonly session: Session;
  readonly remote: Remote;
  readonly limits: GitLimits;
  readonly wants: readonly string[];
  /** Lines beside the wanted ids. */
  readonly args: readonly string[];
};

/** The commit of a revision with its folders; with its files too where the server cannot omit them, or `files` is set. */
export function fetchCommit(
  remote: Remote,
  limits: GitLimits,
  { revision, files }: { readonly revision: string; readonly files: boolean },
): Promise<Objects> {
  return remote.use((session) => {
    const filter = session.capabilities.filter && !files ? ['filter blob:none'] : [];
    return fetchObjects({ session, remote, limits, wants: [revision], args: ['deepen 1', ...filter] });
  });
}

/** The commits that `want` has and `have` has not, without folders and files; undefined where the server cannot leave those out. */
export function fetchCommits(
  remote: Remote,
  limits: GitLimits,
  { want, have, depth }: { readonly want: string; readonly have: string; readonly depth: number },
): Promise<Objects | undefined> {
  return remote.use(async (session) => {
    if (!session.capabilities.filter) return undefined;
    const args = [`have ${have}`, `deepen ${depth}`, 'filter tree:0'];
    return fetchObjects({ session, remote, limits, wants: [want], args });
  });
}

/** Files, in one request unless there are thousands. */
export async function fetchBlobs(remote: Remote, limits: GitLimits, oids: readonly string[]): Promise<Objects> {
  const objects = new Map<string, GitObject>();
  for (let start = 0; start < oids.length; start += limits.wantsPerRequest) {
    const wants = oids.slice(start, start + limits.wantsPerRequest);
    const some = await remote.use((session) => fetchObjects({ session, remote, limits, wants, args: [] }));
    for (const [oid, object] of some) objects.set(oid, object);
  }
  return objects;
}

async function fetchObjects({ session, remote, limits, wants, args }: Fetch): Promise<Objects> {
  const pkts = await session.run({
    name: 'fetch',
    args: ['no-progress', 'ofs-delta', ...wants.map((oid) => `want ${oid}`), ...args, 'done'],
    refusal: (message) => missingObject(message, wants, remote.name),
  });
  const pack = await readPack(pkts, remote.name, limits);
  return parsePack(pack, { subject: remote.name, limits });
}

/** Git has no error codes: every server names the object that it does not have, or refuses to send. */
function missingObject(message: string, wants: readonly string[], name: string): DriftlessError | undefined {
  const oid = wants.find((each) => message.includes(each));
  return oid === undefined
    ? undefined
    : new DriftlessError('CommitNotFound', `object ${oid}: ${name} does not have it`);
}

/** Collects the pack of a response; the sections before it are not needed. */
async function readPack(pkts: AsyncIterable<Pkt>, name: string, limits: GitLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let inPack = false;
  for await (const pkt of pkts) {
    if (pkt.kind !== 'data') continue;
    if (!inPack) {
      inPack = pkt.bytes.toString('latin1').trimEnd() === 'packfile';
      continue;
    }
    const chunk = packBytes(pkt.bytes, name);
    bytes += chunk.length;
    if (bytes > limits.packBytes) throw tooLarge(name, 'packBytes', { actual: bytes, limit: limits.packBytes });
    chunks.push(chunk);
  }
  if (!inPack) throw new DriftlessError('GitProtocol', `${name}: the response has no pack`);
  return Buffer.concat(chunks, bytes);
}

const PACK_BAND = 1;
const PROGRESS_BAND = 2;
const ERROR_BAND = 3;

/** The bytes that a line of the multiplexed response adds to the pack. */
function packBytes(line: Buffer, name: string): Buffer {
  const band = line[0];
  if (band === PACK_BAND) return line.subarray(1);
  if (band === PROGRESS_BAND) return Buffer.alloc(0);
  if (band === ERROR_BAND) throw serverError(line.subarray(1), name, undefined);
  throw new DriftlessError('GitProtocol', `${name}: the response has the unknown channel ${band}`);
}
