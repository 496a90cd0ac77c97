// In: the Go sources of the control plane. Out: its binary in the cache folder. May fail when the Go compiler does.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { BUILD_ARGUMENTS, controlPlaneBinary, SOURCES } from './cache.mjs';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { remaining } from './remaining.mjs';
import { run } from './run.mjs';

const GO = { cwd: SOURCES, env: { CGO_ENABLED: '0', GOWORK: 'off' } };

/** Whether it is in the cache, or installed as a package. */
export function isControlPlaneBuilt() {
  return existsSync(controlPlaneBinary());
}

/** Builds the control plane, unless it is in the cache. It appears there whole or not at all. */
export async function buildControlPlane() {
  if (isControlPlaneBuilt()) return;
  const binary = controlPlaneBinary();
  await withLock(binary, async () => {
    if (isControlPlaneBuilt()) return;
    mkdirSync(dirname(binary), { recursive: true });
    const unfinished = `${binary}.${process.pid}`;
    try {
      await build(unfinished);
      renameSync(unfinished, binary);
    } finally {
      rmSync(unfinished, { force: true });
    }
  });
}

function build(output) {
  return withProgress('building the control plane, once', async (at) => {
    const downloads = (line) => {
      const download = /^go: downloading (\S+)/.exec(line);
      if (download !== null) at(`downloading ${download[1]}`);
      return download !== null;
    };
    const total = await countStale(downloads);
    const began = performance.now();
    let compiled = 0;
    await run('go', [...BUILD_ARGUMENTS, '-v', '-o', output, '.'], {
      ...GO,
      onLine(line) {
        if (downloads(line)) return;
        compiled += 1;
        at(remaining(compiled, total, performance.now() - began));
      },
    });
  });
}

/** How many packages the build will compile: all but those that Go has in its own cache. */
async function countStale(onDownload) {
  let stale = 0;
  const [, ...flags] = BUILD_ARGUMENTS;
  await run('go', ['list', '-deps', '-f', '{{if .Stale}}stale{{end}}', ...flags, '.'], {
    ...GO,
    onLine(line) {
      if (!onDownload(line) && line === 'stale') stale += 1;
    },
  });
  return stale;
}
