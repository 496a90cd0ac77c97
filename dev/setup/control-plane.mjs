// In: the Go sources of the control plane. Out: its binary in the cache folder. May fail when the Go compiler does.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { BUILD_ARGUMENTS, controlPlaneBinary, SOURCES } from './cache.mjs';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { run } from './run.mjs';

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
  return withProgress('building the control plane, once, about 5 minutes on two cores', async (at) => {
    let compiled = 0;
    await run('go', [...BUILD_ARGUMENTS, '-v', '-o', output, '.'], {
      cwd: SOURCES,
      env: { CGO_ENABLED: '0', GOWORK: 'off' },
      onLine(line) {
        const download = /^go: downloading (\S+)/.exec(line);
        if (download === null) compiled += 1;
        at(download === null ? `${compiled} packages compiled` : `downloading ${download[1]}`);
      },
    });
  });
}
