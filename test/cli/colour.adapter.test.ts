import { WriteStream } from 'node:tty';
import { coloured } from '../../cli/text/colour.ts';
import { withProgress } from '../../cli/text/progress.ts';
import { driftlessIn } from './driftless.ts';

const OBJECT = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nstatus: {phase: Active}\n';
const GREEN = '\u001b[32mHealthy\u001b[39m';

test.each([
  ['without a terminal', {}, 'Healthy'],
  ['with FORCE_COLOR', { FORCE_COLOR: '1' }, GREEN],
  ['with FORCE_COLOR=0', { FORCE_COLOR: '0' }, 'Healthy'],
  ['with NO_COLOR', { NO_COLOR: '1' }, 'Healthy'],
])('%s a status has its colour, or none', async (_what, env, printed) => {
  const { exitCode, stdout } = await driftlessIn({ 'a.yaml': OBJECT }, ['health', '-f', 'a.yaml'], { env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Namespace/a: ${printed}\n` });
});

test('colour never changes what a machine reads', async () => {
  const call = { env: { FORCE_COLOR: '1' } };
  const { stdout } = await driftlessIn({ 'a.yaml': OBJECT }, ['health', '-f', 'a.yaml', '-o', 'json'], call);
  expect(JSON.parse(stdout)).toEqual([{ ref: 'Namespace/a', status: 'Healthy', message: '' }]);
});

test('a text without a terminal stays as it is', () => {
  const text = '+ Service/shop/a created\n    - OutOfSync';
  expect(coloured(text, Object.create(WriteStream.prototype, { isTTY: { value: false } }))).toBe(text);
});

/** A terminal that keeps what is written to it. */
function terminal(isTTY: boolean): {
  readonly isTTY: boolean;
  readonly columns: number;
  written: string[];
  write(text: string): void;
} {
  const written: string[] = [];
  return { isTTY, columns: 40, written, write: (text) => void written.push(text) };
}

test('work that is over within a second shows no progress', async () => {
  const screen = terminal(true);
  expect(await withProgress('shop-1', async () => 'done', screen)).toBe('done');
  expect(screen.written).toEqual([]);
});
