import { readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { driftless } from '../cli/driftless.ts';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const verbs: readonly (readonly [string, Command])[] = createProgram(() => undefined).commands.map((verb) => [
  verb.name(),
  verb,
]);

function section(verb: string): string {
  return page.split(/^## /m).find((candidate) => candidate.startsWith(`${verb}\n`)) ?? '';
}

/** A default that the program knows; those that are only described are up to the page. */
function defaultOf({ defaultValue, defaultValueDescription, mandatory }: Option): unknown {
  if (mandatory && defaultValue === undefined) return 'required';
  const written = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return written ? `\`${defaultValueDescription ?? defaultValue}\`` : expect.any(String);
}

test('every verb has its section, in the order of the help', () => {
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, verb]) => verb)).toEqual(verbs.map(([name]) => name));
});

test.each(verbs)('%s is documented with its usage and its options, and no others', (name, verb) => {
  const rows = [...section(name).matchAll(/^\| `(-[^`]+)` \| (.+?) \| (.+) \|$/gm)];
  expect({
    usage: /^`(driftless .+)`$/m.exec(section(name))?.[1],
    options: rows.map(([, flags, byDefault]) => ({ flags, byDefault })),
  }).toEqual({
    usage: `driftless ${name} ${verb.usage()}`,
    options: verb.options.map((option) => ({ flags: option.flags, byDefault: defaultOf(option) })),
  });
});

const examples = [...page.matchAll(/^```console\n\$ driftless ([^\n]+)\n(.*?)^```$/gms)].map(
  ([, args = '', output = '']) => [args, output] as const,
);

test('there are examples that can be run', () => {
  expect(examples.map(([args]) => args.split(' ')[0])).toEqual(['validate', 'schema', 'render', 'health']);
});

test.each(examples)('the example %s prints what is written there', async (args, output) => {
  expect(await driftless(args.split(' '))).toEqual({ exitCode: 0, stdout: output, stderr: '' });
});
