/** How the pages of a forge name a commit below the address of the repository, by a word in the name of its host. */
const FORGES: readonly (readonly [RegExp, string])[] = [
  [/(^|[.-])github([.-]|$)/, '/commit/'],
  [/(^|[.-])gitlab([.-]|$)/, '/-/commit/'],
  [/^bitbucket\.org$/, '/commits/'],
  [/(^|[.-])(gitea|forgejo|codeberg)([.-]|$)/, '/commit/'],
];

/** The page of a commit, where the host's name says which forge it is: GitHub, GitLab, Gitea or Bitbucket; undefined elsewhere, and without https. */
export function commitLink(repo: string, revision: string): string | undefined {
  if (!URL.canParse(repo) || !/^[0-9a-f]{40}$/.test(revision)) return undefined;
  const { protocol, hostname, host, pathname } = new URL(repo);
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/i, '');
  const part = FORGES.find(([name]) => name.test(hostname))?.[1];
  if (protocol !== 'https:' || part === undefined || path === '') return undefined;
  return `https://${host}${path}${part}${revision}`;
}
