// The first command in a fresh clone: it installs the Node.js that the program wants, and runs the program with it, in one shell.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

/** The machine's own Node.js; as it sets up, another one comes before it on the PATH. */
const MACHINES = `#!/bin/sh
if [ "$1" != dev/setup.mjs ]; then echo "the machine's: $*"; exit; fi
printf '#!/bin/sh\\necho "the installed one: $*"\\n' > "$INSTALLED/node"
chmod +x "$INSTALLED/node"
`;

const own = Object.entries(packageJson.scripts).filter(([, script]) => /^node dev\/setup\.mjs.*\.ts\b/.test(script));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'driftless-scripts-'));
  for (const folder of ['machine', 'installed']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'machine/node'), MACHINES, { mode: 0o755 });
});

afterEach(() => rmSync(root, { recursive: true }));

test('the commands that run the program are known', () => {
  expect(own.map(([name]) => name).sort()).toEqual([
    'bench',
    'bundle',
    'crash',
    'demo',
    'driftless',
    'fuzz',
    'licenses',
    'release',
    'schemas',
    'soak',
  ]);
});

test.each(own)('npm run %s is run by the Node.js that it has just installed', (_name, script) => {
  const installed = join(root, 'installed');
  const env = { PATH: `${installed}:${join(root, 'machine')}:/usr/bin:/bin`, INSTALLED: installed };
  expect(execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' })).toMatch(/^the installed one: .*\.ts/);
});
