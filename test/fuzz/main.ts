// The long run: `npm run fuzz -- [--seconds N] [--seed S] [target…]`. Every target gets its share of the time, in rounds with a new seed each;
// what fails is printed with the seed and the smallest input, and the exit code is 1.
import { inspect, parseArgs } from 'node:util';
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
  const chosen = TARGETS.filter(({ name }) => names.length === 0 || names.includes(name));
  if (chosen.length < new Set(names).size || !(seconds > 0) || !Number.isInteger(seed)) {
    const known = TARGETS.map(({ name }) => name).join(', ');
    say(`usage: npm run fuzz -- [--seconds N] [--seed S] [target…]; targets: ${known}`);
    return 2;
  }
  const inputs = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end; round += 1) {
    for (const target of chosen) {
      const share = (end - performance.now()) / chosen.length;
      const tried = await tryFor(Math.max(20, Math.min(ROUND_MS, share)), target, seed + round);
      if (tried === undefined) return 1;
      inputs.set(target.name, (inputs.get(target.name) ?? 0) + tried);
    }
  }
  for (const [name, count] of inputs) say(`${name.padEnd(24)} ${count} inputs`);
  return 0;
}

/** How many inputs were tried; undefined when one of them failed, which is then printed. */
async function tryFor(ms: number, { name, property }: Target, seed: number): Promise<number | undefined> {
  const limits = { numRuns: 1_000_000, interruptAfterTimeLimit: ms, markInterruptAsFailure: false };
  const { failed, numRuns, errorInstance, counterexample } = await fc.check(property, { seed, ...limits });
  if (!failed) return numRuns;
  say(`${name} failed: ${errorInstance}`);
  say(`again with: npm run fuzz -- --seed ${seed} ${name}`);
  say(`the smallest input: ${inspect(counterexample, { depth: 8, maxStringLength: 2_000, maxArrayLength: 50 })}`);
  say(textOf(counterexample));
  return undefined;
}

/** Bytes among the inputs, as text. */
function textOf(input: unknown): string {
  if (Buffer.isBuffer(input)) return `as text: ${input.toString('latin1').slice(0, 4_000)}`;
  return typeof input === 'object' && input !== null ? Object.values(input).map(textOf).join('') : '';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
