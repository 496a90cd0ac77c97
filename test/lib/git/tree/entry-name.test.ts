import { nameProblem } from '../../../../lib/git/tree/entry-name.ts';

test.each([
  '.git',
  '.GIT',
  '.Git',
  '.git ',
  '.git.',
  '.git. .',
  'git~1',
  'GIT~1',
  'git~1 ',
  '.g\u200cit',
  '\ufeff.git',
  '.git\u202e',
  '.git::$INDEX_ALLOCATION',
  '.git:x',
  'a\\.git',
  '.git\\hooks',
])('the name %j is a disguise of .git (CVE-2026-45571)', (name) => {
  expect(nameProblem(name)).toBe("is Git's own folder in disguise");
});

test.each([
  ['', 'is empty'],
  ['.', 'stands for a folder'],
  ['..', 'stands for a folder'],
  ['a/b', 'contains a slash'],
  ['/', 'contains a slash'],
])('the name %j %s', (name, flaw) => {
  expect(nameProblem(name)).toBe(flaw);
});

test.each(['.gitignore', '.gitattributes', 'git', 'a.git', '...', ' .git', 'git~2', '.git-x', 'värde', 'a b'])(
  'the name %j is a name like any other',
  (name) => {
    expect(nameProblem(name)).toBeUndefined();
  },
);
