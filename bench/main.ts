// In: names of benches, all where none is given. Out: a table on standard output, and JSON in a file where one is named. Needs an empty machine for figures
// that mean something: everything runs on it, the API server too.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { userPath } from '../cli/paths.ts';
import { benchColdstart } from './coldstart.ts';
import { benchDrift } from './drift.ts';
import { benchFanout } from './fanout.ts';
import { type Figure, formatTable } from './figures.ts';
import { benchPush } from './push.ts';
import { type Rig, withRig } from './rig.ts';
import { benchStatus } from './status.ts';
import { benchSync } from './sync.ts';
import { benchWebhook } from './webhook.ts';

const BENCHES: Readonly<Record<string, (rig: Rig, sizes?: readonly number[]) => Promise<readonly Figure[]>>> = {
  push: benchPush,
  sync: benchSync,
  webhook: benchWebhook,
  fanout: benchFanout,
};

/** Those that start what they need themselves. */
const BENCHES_ALONE: Readonly<Record<string, (sizes?: readonly number[]) => Promise<readonly Figure[]>>> = {
  coldstart: () => benchColdstart(),
  drift: benchDrift,
  status: benchStatus,
};
const NAMES = [...Object.keys(BENCHES_ALONE), ...Object.keys(BENCHES)];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, objects: { type: 'string' } },
});
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench "${unknown.join(', ')}": is not a benchmark; choose from ${NAMES.join(', ')}\n`);
  process.exit(2);
}

const isChosen = ([name]: readonly [string, unknown]): boolean =>
  positionals.length === 0 || positionals.includes(name);
const sizes = values.objects?.split(',').map(Number);
const figures: Figure[] = [];
for (const [name, run] of Object.entries(BENCHES_ALONE).filter(isChosen)) {
  process.stderr.write(`${name} …\n`);
  figures.push(...(await run(sizes)));
}
for (const [name, run] of Object.entries(BENCHES).filter(isChosen)) {
  process.stderr.write(`${name} …\n`);
  // Each has a cluster of its own: what one has deployed, another would have to look through.
  figures.push(...(await withRig((rig) => run(rig, sizes))));
}
process.stdout.write(
  `${formatTable(figures)}\n\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}\n`,
);
if (values.json !== undefined) await writeFile(userPath(values.json), `${JSON.stringify(figures, null, 2)}\n`);
