// In: package-lock.json. Out: node_modules as it says, with a record of what was installed. May fail when npm does.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { run } from './run.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECORD = join(ROOT, 'node_modules', '.driftless-lock');

/** Installs the packages of the lock file, unless these are installed already. */
export async function installPackages() {
  if (areInstalled()) return;
  await withLock(`packages ${ROOT}`, async () => {
    if (areInstalled()) return;
    rmSync(RECORD, { force: true });
    const hash = lockHash();
    // Development dependencies too, whatever NODE_ENV says: node@24 is one of them.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    await withProgress('installing packages', () => run('npm', args, { cwd: ROOT }));
    writeFileSync(RECORD, hash);
  });
}

function areInstalled() {
  return existsSync(RECORD) && readFileSync(RECORD, 'utf8') === lockHash();
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}
