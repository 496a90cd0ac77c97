// In: the lock file, the installed packages and the control plane's modules. Out: a line for each licence with what is under it, or NOTICE with `--write`.
// Ends with 1 where a licence is not allowed; NOTICE is not written then.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Component } from './licenses/component.ts';
import { goModules } from './licenses/go-modules.ts';
import { isAllowed } from './licenses/license-text.ts';
import { noticeOf } from './licenses/notice.ts';
import { npmPackages } from './licenses/npm-packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A line for each licence: how many components are under it, and which. */
function summaryOf(components: readonly Component[]): string {
  const byLicense = Object.entries(Object.groupBy(components, ({ license }) => license)).sort();
  return byLicense
    .map(([license, of = []]) => `${license}: ${of.length}: ${of.map(({ name }) => name).join(', ')}`)
    .join('\n');
}

const shipped = {
  npm: npmPackages(ROOT),
  go: await goModules(join(ROOT, 'dev/control-plane')),
};
const forbidden = Object.values(shipped)
  .flat()
  .filter(({ license }) => !isAllowed(license));
for (const { name, version, license } of forbidden) {
  process.stderr.write(`error: ${name} ${version}: licence ${license} is not allowed; replace it, or allow it\n`);
}
if (forbidden.length > 0) process.exit(1);
if (process.argv.includes('--write')) writeFileSync(join(ROOT, 'NOTICE'), noticeOf(shipped));
process.stdout.write(`npm packages\n${summaryOf(shipped.npm)}\n\nGo modules\n${summaryOf(shipped.go)}\n`);
