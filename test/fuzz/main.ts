// The long run: `npm run fuzz -- [--seconds N] [--seed S] [target…]`. Every target gets its share of the time, in rounds with a new seed each;
// what fails is printed with the seed and the smallest input, and the exit code is 1.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const ROUND_MS = 2_000;

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
  allowPositionals: true,
});
process.exitCode = await main({ seconds: Number(values.seconds), seed: Number(values.seed), names: positionals });

type Options = { readonly seconds: number; readonly seed: number; readonly names: readonly string[] };

async function main({ seconds, seed, names }: Options): Promise<number> {
  const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0 || !(seconds > 0) || !Number.isInteger(seed)) {
    say(
      `usage: npm run fuzz -- [--seconds N] [--seed S] [target…]; targets: ${TARGETS.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const chosen = TARGETS.filter(({ name }) => names.length === 0 || names.includes(name));
  const inputs = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end; round += 1) {
    for (const target of chosen) {
      const left = (end - performance.now()) / chosen.length;
      const tried = await tryOnce(target, seed + round, Math.max(20, Math.min(ROUND_MS, left)));
      if (tried === undefined) return 1;
      inputs.set(target.name, (inputs.get(target.name) ?? 0) + tried);
    }
  }
  for (const [name, count] of inputs) say(`${name.padEnd(24)} ${count} inputs`);
  return 0;
}

/** How many inputs were tried; undefined when one of them failed, which is then printed. */
async function tryOnce({ name, property }: Target, seed: number, ms: number): Promise<number | undefined> {
  const limits = { numRuns: 1_000_000, interruptAfterTimeLimit: ms, markInterruptAsFailure: false };
  const details = await fc.check(property, { seed, ...limits });
  if (!details.failed) return details.numRuns;
  say(
    `${name} failed; again with: npm run fuzz -- --seed ${seed} ${name}\n${await fc.asyncDefaultReportMessage(details)}`,
  );
  return undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
