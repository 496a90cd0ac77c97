import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { CommanderError } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { VERSION } from '../../cli/version.ts';
import { DriftlessError } from '../../lib/errors.ts';
import { driftless, driftlessIn, inFolder, MAIN } from './driftless.ts';

const EXAMPLES = 'test/fixtures/config/complete';

test('help names every verb and every exit code, and goes to standard output', async () => {
  const { exitCode, stdout, stderr } = await driftless(['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(
    /validate .*render .*plan .*health .*dev .*demo .*status .*history .*drift .*sync .*rollback .*suspend .*resume .*Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /s,
  );
});

test('the version is that of the package', async () => {
  expect(await driftless(['--version'])).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
});

/** What a mistake in the command line prints. */
async function complaint(args: readonly string[]): Promise<string> {
  let printed = '';
  const program = createProgram(() => undefined);
  const writeErr = (text: string): void => {
    printed += text;
  };
  for (const command of [program, ...program.commands]) command.configureOutput({ writeErr });
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toBeInstanceOf(CommanderError);
  return printed;
}

const ADVICE = (verb: string): string => `hint: driftless ${verb} --help explains the options\n`;

test.each([
  ['a verb that does not exist', ['apply'], "error: unknown command 'apply'\nhint: driftless --help lists the verbs\n"],
  [
    'a verb that is misspelt',
    ['validat', 'x'],
    "error: unknown command 'validat'\n(Did you mean validate?)\nhint: driftless --help lists the verbs\n",
  ],
  ['an option that does not exist', ['render', '--foo', 'x'], `error: unknown option '--foo'\n${ADVICE('render')}`],
  ['an argument that is missing', ['validate'], `error: missing required argument 'dir'\n${ADVICE('validate')}`],
  [
    'an option that is missing',
    ['health'],
    `error: required option '-f, --file <file>' not specified\n${ADVICE('health')}`,
  ],
  [
    'a format that does not exist',
    ['validate', 'x', '-o', 'xml'],
    `error: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are text, yaml, json.\n${ADVICE('validate')}`,
  ],
  [
    'a port that is none',
    ['dev', '--config', 'x', '--port', '99999'],
    `error: option '--port <number>' argument '99999' is invalid. Write a number from 0 (any free port) to 65535.\n${ADVICE('dev')}`,
  ],
  [
    'an interval that is none',
    ['dev', '--config', 'x', '--scan-interval', '30'],
    `error: option '--scan-interval <time>' argument '30' is invalid. Write it as 30s, 5m, 2h or 1d.\n${ADVICE('dev')}`,
  ],
  [
    'a time that is none',
    ['suspend', 'x', '--reason', 'y', '--for', '0h'],
    `error: option '--for <time>' argument '0h' is invalid. Write it as 30s, 5m, 2h or 1d.\n${ADVICE('suspend')}`,
  ],
  [
    'a reason that is missing',
    ['suspend', 'x'],
    `error: required option '--reason <text>' not specified\n${ADVICE('suspend')}`,
  ],
  [
    'an operation that is none',
    ['rollback', 'x', '--to', 'last'],
    `error: option '--to <seq>' argument 'last' is invalid. Write a number from 1.\n${ADVICE('rollback')}`,
  ],
  [
    'an address that is none',
    ['status', '--url', 'localhost:8080'],
    `error: option '--url <url>' argument 'localhost:8080' is invalid. Write it as http://127.0.0.1:8080.\n${ADVICE('status')}`,
  ],
  [
    'a version that is none',
    ['render', 'x', '--kube-version', 'latest'],
    `error: option '--kube-version <version>' argument 'latest' is invalid. Write it as v1.36.0.\n${ADVICE('render')}`,
  ],
])('%s is told in one sentence with a remedy', async (_what, args, printed) => {
  expect(await complaint(args)).toBe(printed);
});

test('a mistake in the command line ends with exit code 2', async () => {
  const { exitCode, stdout } = await driftless(['validate']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

const MISSING_CONFIG = 'nope: does not exist; name a folder or file with configuration';

test.each([
  ['a folder to check', ['validate', 'nope'], MISSING_CONFIG],
  ['a folder to render', ['render', 'nope'], 'nope: does not exist; name a folder'],
  ['a folder to plan', ['plan', 'nope'], 'nope: does not exist; name a folder'],
  ['a file', ['health', '-f', 'nope'], 'nope: does not exist; name a file with objects, or - for standard input'],
  ['an application', ['render', '.', '-f', 'nope'], MISSING_CONFIG],
  ['a configuration', ['dev', '--config', 'nope'], MISSING_CONFIG],
  [
    'secrets',
    ['dev', '--config', EXAMPLES, '--secrets', 'nope'],
    'nope: does not exist; name a file with secrets, or leave --secrets out',
  ],
  [
    'a file instead of a folder',
    ['render', 'package.json'],
    'package.json: is not a folder; name the folder that it is in',
  ],
  [
    'a folder instead of a file',
    ['health', '-f', 'lib'],
    'lib: is a folder; name a file with objects, or - for standard input',
  ],
  [
    'state that would be taken for configuration',
    ['dev', '--config', EXAMPLES, '--state', `${EXAMPLES}/state`],
    `--state ${EXAMPLES}/state: is inside the folder of --config; name a folder outside it`,
  ],
])('%s that is not there, or in the wrong place, is named as it was written', async (_what, args, sentence) => {
  const program = createProgram(() => undefined);
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toEqual(
    new DriftlessError('UsageInvalid', sentence),
  );
});

test('dev does not start with a configuration that has mistakes, and reports those of all files', async () => {
  const program = createProgram(() => undefined);
  const started = program.parseAsync(['dev', '--config', 'test/fixtures/config/mistakes'], { from: 'user' });
  await expect(started).rejects.toMatchObject({
    code: 'ConfigInvalid',
    message: expect.stringMatching(/^apps\.yaml:3: .*\nbroken\.yaml:4: .*\nplatform\.yaml:12: /s),
  });
});

test('plan without any kubeconfig says how to name one', async () => {
  const call = { env: { HOME: '/nonexistent' } };
  const { exitCode, stderr } = await driftlessIn({ 'app/a.yaml': '' }, ['plan', 'app'], call);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^error: kubeconfig .*no such file; set KUBECONFIG or name a file with --kubeconfig\nhint: .*\(PrerequisiteMissing\)\n$/,
  );
});

test('paths are relative to where npm was called, since npm runs scripts in the project', async () => {
  const { exitCode, stdout } = await inFolder({ 'objects.yaml': NAMESPACE }, (folder) =>
    driftless(['health', '-f', 'objects.yaml'], { env: { INIT_CWD: folder } }),
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Namespace/a: Healthy\n' });
});

test('in any other folder, what npm says does not count', async () => {
  const call = { env: { INIT_CWD: '/' } };
  const { exitCode, stdout } = await driftlessIn({ 'objects.yaml': NAMESPACE }, ['health', '-f', 'objects.yaml'], call);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Namespace/a: Healthy\n' });
});

test('a reader that goes away early is no error', async () => {
  await inFolder({ 'objects.yaml': NAMESPACE.repeat(20_000) }, async (cwd) => {
    const child = spawn(process.execPath, [MAIN, 'health', '-f', 'objects.yaml'], { cwd });
    child.stdin.end();
    child.stdout.once('data', () => child.stdout.destroy());
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nstatus: {phase: Active}\n---\n';
