// The completion scripts, as the shells themselves run them; a shell that is not on this machine is skipped by name.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVerb } from './in-process.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-completion-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function isThere(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a shell prints that has read the script. */
async function completedBy(
  shell: string,
  args: readonly string[],
  commands: (script: string) => string,
): Promise<readonly string[]> {
  const { exitCode, stdout } = await runVerb(['completion', shell]);
  expect(exitCode).toBe(0);
  const script = join(folder, 'driftless');
  writeFileSync(script, stdout);
  const printed = execFileSync(shell, [...args, '-c', commands(script)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm' },
  });
  return printed.trim().split(/\s+/);
}

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['st', ['status']],
  ['status --w', ['--watch']],
  ['status -o ', ['json', 'text', 'yaml']],
  ['sync shop --wa', ['--wait']],
  ['connect gi', ['github', 'gitlab']],
  ['completion z', ['zsh']],
];

describe('bash', () => {
  test.each(LINES)('completes driftless %s', async (line, expected) => {
    const offered = await completedBy('bash', ['--norc'], (script) => {
      const words = ['driftless', ...line.split(' ')];
      const quoted = words.map((word) => `'${word}'`).join(' ');
      return `source '${script}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _driftless; printf '%s\n' "\${COMPREPLY[@]}"`;
    });
    expect([...offered].sort()).toEqual(expected);
  });
});

(isThere('fish') ? describe : describe.skip)('fish', () => {
  test.each(LINES)('completes driftless %s', async (line, expected) => {
    const offered = await completedBy(
      'fish',
      ['--no-config'],
      (script) => `source '${script}'; complete -C 'driftless ${line}' | string replace -r '\\t.*' ''; true`,
    );
    expect([...offered].sort()).toEqual(expected);
  });
});

(isThere('zsh') ? describe : describe.skip)('zsh', () => {
  // The completion system works in an interactive shell only, on a terminal of its own.
  test.each(LINES)('completes driftless %s', async (line, expected) => {
    const offered = await completedBy('zsh', ['-f'], (script) =>
      [
        'zmodload zsh/zpty; zpty shell zsh -f -i',
        `zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -d '${folder}/dump'; source '${script}'"`,
        // Instead of inserting anything, the widget prints what is offered.
        `zpty -w shell 'compadd() { if [[ " $* " == *" -O "* || " $* " == *" -A "* || " $* " == *" -D "* ]]; then builtin compadd "$@"; return; fi; local -a found; builtin compadd -O found "$@"; print -rn -- " OFFERED:\${(j:,:)found}:" >> ${folder}/offered; builtin compadd "$@" }'`,
        `zpty -w -n shell $'driftless ${line}\\t'; until [[ -s ${folder}/offered ]]; do sleep 0.05; done; zpty -d shell; cat ${folder}/offered`,
      ].join('\n'),
    );
    expect(offered.join(' ')).toContain(expected[0]);
  });
});
