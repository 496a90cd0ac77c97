import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const MODULES = {
  cache: new URL('../../dev/cache.ts', import.meta.url),
  controlPlane: new URL('../../dev/control-plane.ts', import.meta.url),
};

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'driftless-start-'));
});

afterEach(() => rmSync(home, { recursive: true }));

test('a control plane that is not built names the command that builds it', async () => {
  expect(await startWith(undefined)).toEqual({
    code: 'PrerequisiteMissing',
    message: 'control plane: it is not built; run: npm run setup -- --cluster',
  });
});

test.each([
  [
    'says why',
    'echo "bind: address in use" >&2; echo \'{"failure":"kube-apiserver ended: no port"}\'; exit 1',
    'control plane: kube-apiserver ended: no port; its log ends with:\nbind: address in use',
  ],
  [
    'dies without a word',
    'echo "panic: out of memory" >&2; exit 2',
    'control plane: it ended with exit code 2; its log ends with:\npanic: out of memory',
  ],
  [
    'is no program',
    undefined,
    expect.stringMatching(/^control plane: it ended with spawn .*EACCES; its log ends with:\n$/),
  ],
])('a control plane that %s fails with its log and leaves no data', async (_what, script, message) => {
  const program = script === undefined ? '' : `#!/bin/sh\n${script}\n`;
  expect(await startWith(program, script === undefined ? 0o644 : 0o755)).toEqual({
    code: 'ControlPlaneFailed',
    message,
  });
  expect(readdirSync(join(home, 'data'))).toEqual([]);
});

test('a control plane that is stopped is given the end of its input, and its log is kept where one asked', async () => {
  const script = `echo '{"kubeconfig":"k","server":"s","version":"v"}'; cat; echo "input ended" >&2`;
  expect(await startWith(`#!/bin/sh\n${script}\n`)).toEqual({
    kubeconfig: 'k',
    server: 's',
    version: 'v',
    kubeconfigPath: expect.stringMatching(/\/data\/driftless-\w+\/admin.kubeconfig$/),
  });
  expect(readdirSync(join(home, 'data'))).toEqual([]);
  expect(readFileSync(join(home, 'log/control-plane.log'), 'utf8')).toBe('input ended\n');
});

/** What comes of a start and a stop, in a process of its own whose cache holds this program as the built control plane. */
async function startWith(program: string | undefined, mode = 0o755): Promise<unknown> {
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { dirname } from 'node:path';
    const { controlPlaneBinary } = await import('${MODULES.cache}');
    const { startControlPlane } = await import('${MODULES.controlPlane}');
    mkdirSync('data');
    mkdirSync(dirname(controlPlaneBinary()));
    const program = ${JSON.stringify(program)};
    if (program !== undefined) writeFileSync(controlPlaneBinary(), program, { mode: ${mode} });
    try {
      const { stop, pid, ended, ...rest } = await startControlPlane({ dataDir: process.cwd() + '/data', logDir: 'log' });
      await stop();
      console.log(JSON.stringify(rest));
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: home,
    env: { XDG_CACHE_HOME: home, PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}
