import { readCommit } from '../../../../lib/git/protocol/commit-object.ts';

const TREE = `tree ${'1'.repeat(40)}`;
const ADA = 'author Ada Lovelace <ada@example.com> 1700000000 +0100';
const COMMITTER = 'committer GitHub <noreply@github.com> 1700000060 +0000';

function read(lines: readonly string[], message = 'Change it\n') {
  return readCommit(Buffer.from(`${lines.join('\n')}\n\n${message}`)).commit;
}

test('a commit says who wrote it, when it was committed, and its first line', () => {
  const commit = read([TREE, ADA, COMMITTER], 'Raise the memory\n\nIt was too small.\n');
  expect(commit).toEqual({
    author: 'Ada Lovelace',
    email: 'ada@example.com',
    at: '2023-11-14T22:14:20.000Z',
    subject: 'Raise the memory',
    signed: false,
  });
});

test.each([
  ['of PGP', 'gpgsig -----BEGIN PGP SIGNATURE-----'],
  ['of SSH', 'gpgsig -----BEGIN SSH SIGNATURE-----'],
  ['of a repository with two hashes', 'gpgsig-sha256 -----BEGIN PGP SIGNATURE-----'],
])('a signature %s is seen, and the lines of it are no headers', (_which, header) => {
  const lines = [TREE, ADA, COMMITTER, header, ' author Eve <eve@example.com> 1 +0000', ' -----END PGP SIGNATURE-----'];
  expect(read(lines)).toMatchObject({ signed: true, author: 'Ada Lovelace', subject: 'Change it' });
});

test.each([
  ['an escape of the terminal', '\u001b[31mred', '\\x1b[31mred'],
  ['text that runs backwards', 'a\u202egnp', 'a\\u202egnp'],
  ['a carriage return', 'a\rb', 'a b'],
  ['a tab', 'a\tb', 'a b'],
  ['zero bytes', 'a\u0000b', 'a\\x00b'],
  ['no text at all', '', ''],
  ['empty lines before it', '\n\n  Title', 'Title'],
  ['what is no UTF-8', Buffer.from([0x61, 0xff]).toString('latin1'), 'aÿ'],
])('a first line with %s is safe to show', (_what, message, subject) => {
  expect(read([TREE, ADA, COMMITTER], message).subject).toBe(subject);
});

test('a long first line is cut between characters', () => {
  const { subject } = read([TREE, ADA, COMMITTER], '😀'.repeat(300));
  expect(Array.from(subject)).toHaveLength(200);
  expect(subject.endsWith('😀…')).toBe(true);
});

test.each([
  ['no author', [TREE, COMMITTER], 'unknown'],
  ['an author without a name', [TREE, 'author <ada@example.com> 1 +0000', COMMITTER], 'unknown'],
  ['an author without an address', [TREE, 'author Ada', COMMITTER], 'unknown'],
  ['an author that obeys nothing', [TREE, 'author \u001b[2J <a@b> 1 +0000', COMMITTER], '\\x1b[2J'],
])('a commit with %s is read', (_what, lines, author) => {
  expect(read(lines).author).toBe(author);
});

test.each([['99999999999999'], ['-99999999999999'], [''], ['x']])('the time %p is none, and no failure', (time) => {
  expect(read([TREE, ADA, `committer A <a@b> ${time} +0000`]).at).toBe('1970-01-01T00:00:00.000Z');
});

test('another encoding that the commit names is understood; one that is not known counts as UTF-8', () => {
  const latin = (encoding: string) =>
    readCommit(Buffer.from(`${TREE}\n${ADA}\n${COMMITTER}\nencoding ${encoding}\n\nGr\u00fc\u00dfe`, 'latin1')).commit;
  expect(latin('ISO-8859-1').subject).toBe('Grüße');
  expect(latin('no-such-thing').subject).toBe('Gr��e');
});

test('anything at all is read', () => {
  for (const text of ['', '\n\n', 'tree', 'author', '\u0000'.repeat(100), 'parent x\n\n'])
    expect(readCommit(Buffer.from(text))).toMatchObject({ parents: [], commit: { author: 'unknown' } });
});

test.each([['<'], ['<>'], [' '], ['a <']])('an author of a megabyte of %p is read in no time', (part) => {
  const before = performance.now();
  read([TREE, `author ${part.repeat(1_000_000 / part.length)}`, COMMITTER]);
  expect(performance.now() - before).toBeLessThan(1_000);
});
