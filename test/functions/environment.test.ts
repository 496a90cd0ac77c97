import { readSettings } from '../../functions/environment.ts';
import { ENV, FUNCTIONS } from '../../lib/config/env-names.ts';
import { DriftlessError } from '../../lib/errors.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:driftless';
const WHOLE = {
  AWS_REGION: 'eu-central-1',
  [ENV.name]: 'driftless',
  [ENV.deployer]: 'driftless-123456789012-eu-central-1',
  [ENV.table]: 'driftless',
  [ENV.bucket]: 'driftless-blobs',
  [ENV.syncFunction]: `${FUNCTION}-sync:live`,
  [ENV.renderFunction]: `${FUNCTION}-render`,
  [ENV.driftFunction]: 'driftless-drift',
  [ENV.topic]: 'arn:aws:sns:eu-central-1:123456789012:driftless',
  [ENV.webhookSecret]: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:driftless/webhooks-AbCdEf',
  [ENV.gitSecretPrefix]: 'driftless/git/',
  [ENV.configRepo]: 'https://github.com/acme/platform',
  [ENV.configRef]: 'main',
  [ENV.configPath]: '',
  [ENV.tools]: '/opt',
};

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof DriftlessError) return [thrown.code, ...thrown.message.split(/: |; (?=DRIFTLESS|AWS)/)];
  }
  return [];
};

test.each(FUNCTIONS)('%s starts with what the stack gives', (name) => {
  expect(readSettings(name, WHOLE).region).toBe('eu-central-1');
});

test('settings come by their names, those that may be absent too', () => {
  const settings = readSettings('sync', { ...WHOLE, [ENV.workerFunction]: 'driftless-worker', HOME: '/tmp' });
  expect(settings).toMatchObject({ table: 'driftless', configPath: '', workerFunction: 'driftless-worker' });
});

test('everything that is missing is named at once, with what to write', () => {
  expect(problemsOf(() => readSettings('render', {}))).toEqual([
    'ConfigInvalid',
    'environment of the function render',
    `${ENV.bucket} is missing; set it to a name, such as driftless`,
    `${ENV.tools} is missing; set it to an absolute path, such as /opt`,
    'AWS_REGION is missing; Lambda sets it',
  ]);
});

test.each([
  ['a table', ENV.table, 'my table', 'a name, such as driftless'],
  [
    'a function without an alias',
    ENV.syncFunction,
    FUNCTION,
    'the ARN of an alias, arn:aws:lambda:…:function:NAME:ALIAS',
  ],
  ['a topic', ENV.topic, 'driftless', 'the ARN of a topic, arn:aws:sns:…'],
  [
    'a repository with credentials',
    ENV.configRepo,
    'https://me:pw@git.example/a',
    'a URL without credentials, https://…',
  ],
  ['a branch', ENV.configRef, 'main branch', 'a branch, such as main'],
  ['a path', ENV.configPath, '/deploy/', 'a folder without leading or trailing slash; empty is the root'],
  ['a secret', ENV.webhookSecret, '', 'the name or ARN of a secret'],
])('%s that is written wrongly is quoted, with what to write', (_what, name, value, like) => {
  expect(problemsOf(() => readSettings('webhook', { ...WHOLE, [name]: value }))).toContain(
    `${name} "${value.replace('me:pw@', '…@')}" is not ${like}`,
  );
});
