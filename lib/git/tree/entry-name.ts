// Code points that HFS+ ignores in names, so that `.g<ZWNJ>it` is `.git` there; the list is that of Git's utf8.c.
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** Why a name must not be written to a folder; undefined where it may. Spellings that any platform reads as `.git` count as `.git`. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'stands for a folder';
  if (name.includes('/')) return 'contains a slash';
  if (isDotGit(name)) return "is Git's own folder in disguise";
  return undefined;
}

/** NTFS drops spaces and dots at the end and what follows a colon, separates by backslashes, and knows `.git` by its short name too. */
function isDotGit(name: string): boolean {
  const parts = name.replace(IGNORED_BY_HFS, '').toLowerCase().split('\\');
  return parts.some((part) => /^(\.git|git~1)[ .]*(:.*)?$/su.test(part));
}
