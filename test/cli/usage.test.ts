import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { VERSION } from '../../cli/version.ts';
import { driftless, driftlessIn, inFolder, MAIN } from './driftless.ts';

test('help names every verb and every exit code, and goes to standard output', async () => {
  const { exitCode, stdout, stderr } = await driftless(['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(
    /validate[^]*render[^]*plan[^]*health[^]*dev[^]*demo[^]*Exit codes:\n {2}0 [^]*\n {2}1 [^]*\n {2}2 /,
  );
});

test('the version is that of the package', async () => {
  expect(await driftless(['--version'])).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
});

const ADVICE = (verb: string): string => `hint: driftless ${verb} --help explains the options\n`;

test.each([
  [
    'a verb that does not exist',
    ['deploy'],
    "error: unknown command 'deploy'\nhint: driftless --help lists the verbs\n",
  ],
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
    'a version that is none',
    ['render', 'x', '--kube-version', 'latest'],
    `error: option '--kube-version <version>' argument 'latest' is invalid. Write it as v1.36.0.\n${ADVICE('render')}`,
  ],
])('%s is told in one sentence with a remedy, and ends with exit code 2', async (_what, args, stderr) => {
  expect(await driftless(args)).toEqual({ exitCode: 2, stdout: '', stderr });
});

test.each([
  ['a folder', ['validate', 'nope'], 'nope: does not exist; name a folder or file with configuration'],
  ['a folder to render', ['render', 'nope'], 'nope: does not exist; name a folder'],
  ['a file', ['health', '-f', 'nope'], 'nope: does not exist; name a file with objects, or - for standard input'],
  ['an application', ['render', '.', '-f', 'nope'], 'nope: does not exist; name a folder or file with configuration'],
  ['a configuration', ['dev', '--config', 'nope'], 'nope: does not exist; name a folder or file with configuration'],
])('%s that does not exist is named as it was written', async (_what, args, sentence) => {
  expect(await driftlessIn({}, args)).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${sentence}\n` });
});

test.each([
  ['a file', ['render', 'a.txt'], 'a.txt: is not a folder; name the folder that it is in'],
  ['a folder', ['health', '-f', '.'], '.: is a folder; name a file with objects, or - for standard input'],
])('%s where the other is expected is told apart', async (_what, args, sentence) => {
  expect(await driftlessIn({ 'a.txt': '' }, args)).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${sentence}\n` });
});

test('plan without any kubeconfig says how to name one', async () => {
  const { exitCode, stderr } = await driftlessIn({ 'app/a.yaml': '' }, ['plan', 'app']);
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
