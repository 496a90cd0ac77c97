// In: a ref as a user writes it. Out: the commit that it names on the server now. May go wrong: RefNotFound, with similar refs;
// RepositoryEmpty; errors of the server.
import { DriftlessError } from '../../errors.ts';
import type { GitLimits } from '../limits.ts';
import { tooLarge } from '../too-large.ts';
import type { Remote, Session } from '../transport/remote.ts';
import { similarNames } from '../tree/similar-names.ts';
import { isOid } from './git-object.ts';
import type { Pkt } from './pkt-line.ts';

type RefLimits = Pick<GitLimits, 'refBytes'>;

/** A ref; `oid` is what an annotated tag finally points to. */
type Ref = { readonly name: string; readonly oid: string };

const SHOWN = 3;

/**
 * Resolves a commit id (as it is), a branch, a tag (annotated ones to their commit), `HEAD` or a full name. Where a branch and a tag
 * have the same name, the branch is meant; `refs/tags/NAME` names the tag.
 */
export async function resolveRef(remote: Remote, ref: string, limits: RefLimits): Promise<string> {
  if (isOid(ref.toLowerCase())) return ref.toLowerCase();
  if (!isRefName(ref)) {
    throw new DriftlessError('RefNotFound', `ref ${JSON.stringify(ref)} of ${remote.name}: not a valid name of a ref`);
  }
  return remote.use(async (session) => {
    const wanted = candidates(ref);
    const refs = await listRefs({ session, remote, limits, prefixes: wanted });
    for (const name of wanted) {
      const found = refs.find((each) => each.name === name);
      if (found !== undefined) return found.oid;
    }
    throw await notFound(ref, { session, remote, limits, prefixes: ['refs/heads/', 'refs/tags/'] });
  });
}

function candidates(ref: string): readonly string[] {
  if (ref === 'HEAD' || ref.startsWith('refs/')) return [ref];
  return [`refs/heads/${ref}`, `refs/tags/${ref}`];
}

/** The part of `git check-ref-format` that keeps a ref from being anything else. */
function isRefName(ref: string): boolean {
  return ref.length > 0 && ref.length <= 1_000 && !/[\p{C} ~^:?*[\\]|\.\.|@\{/u.test(ref);
}

type Listing = {
  readonly session: Session;
  readonly remote: Remote;
  readonly limits: RefLimits;
  readonly prefixes: readonly string[];
};

async function listRefs({ session, remote, limits, prefixes }: Listing): Promise<readonly Ref[]> {
  const args = ['peel', ...prefixes.map((prefix) => `ref-prefix ${prefix}`)];
  const refs: Ref[] = [];
  let bytes = 0;
  for await (const pkt of await session.run({ name: 'ls-refs', args })) {
    const ref = readRef(pkt, remote.name);
    bytes += ref.name.length + ref.oid.length;
    if (bytes > limits.refBytes) {
      throw tooLarge(`refs of ${remote.name}`, 'refBytes', { actual: bytes, limit: limits.refBytes });
    }
    refs.push(ref);
  }
  return refs;
}

function readRef(pkt: Pkt, subject: string): Ref {
  const line = pkt.kind === 'data' ? pkt.bytes.toString('utf8').replace(/\n$/, '') : '';
  const [oid = '', name = '', ...attributes] = line.split(' ');
  const peeled = attributes.find((attribute) => attribute.startsWith('peeled:'))?.slice('peeled:'.length) ?? oid;
  if (!isOid(peeled) || name === '')
    throw new DriftlessError('GitProtocol', `${subject}: the list of refs is malformed`);
  return { name, oid: peeled };
}

async function notFound(ref: string, listing: Listing): Promise<DriftlessError> {
  const names = (await listRefs(listing)).map(({ name }) => name.replace(/^refs\/(heads|tags)\//, ''));
  const repo = listing.remote.name;
  if (names.length === 0)
    return new DriftlessError('RepositoryEmpty', `${repo}: the repository has no branch and no tag`);
  const similar = similarNames(ref.replace(/^refs\/(heads|tags)\//, ''), names).slice(0, SHOWN);
  const suggestion = similar.length === 0 ? '' : `; did you mean ${similar.map((name) => `"${name}"`).join(' or ')}?`;
  const short = /^[0-9a-f]{4,39}$/i.test(ref) ? '; write all 40 digits of a commit id' : '';
  return new DriftlessError(
    'RefNotFound',
    `ref "${ref}" of ${repo}: no such branch or tag exists${short}${suggestion}`,
  );
}
