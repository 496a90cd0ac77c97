// In: the environment that the stack sets for a function. Out: its settings by name. May go wrong: ConfigInvalid, with everything that is missing or
// invalid. Values are names and addresses, never secrets, so messages may quote them.
import { ENV, type FunctionName } from '../lib/config/env-names.ts';
import { DriftlessError } from '../lib/errors.ts';

type Setting = keyof typeof ENV;

const CONFIG_REPOSITORY = ['configRepo', 'configRef', 'configPath'] as const;

/** The required settings of each function. */
const REQUIRED = {
  webhook: ['table', 'syncFunction', 'webhookSecret', 'gitSecretPrefix', ...CONFIG_REPOSITORY],
  sync: [
    'name',
    'deployer',
    'table',
    'bucket',
    'syncFunction',
    'renderFunction',
    'gitSecretPrefix',
    ...CONFIG_REPOSITORY,
  ],
  render: ['bucket', 'tools'],
  drift: ['name', 'deployer', 'table', 'bucket', 'syncFunction', 'topic'],
  sweep: ['table', 'syncFunction', 'topic', 'gitSecretPrefix', ...CONFIG_REPOSITORY],
  alarm: ['table', 'syncFunction', 'driftFunction', 'topic'],
  api: ['deployer', 'table', 'bucket', 'syncFunction', 'driftFunction'],
  inspect: [
    'name',
    'deployer',
    'table',
    'bucket',
    'driftFunction',
    'renderFunction',
    'gitSecretPrefix',
    ...CONFIG_REPOSITORY,
  ],
  worker: [],
} as const satisfies Record<FunctionName, readonly Setting[]>;

type Form = { readonly pattern: RegExp; readonly like: string };

const NAME: Form = { pattern: /^[\w.-]{1,255}$/, like: 'a name, such as driftless' };
const FUNCTION: Form = {
  pattern: /^(arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:)?[\w-]{1,140}(:[\w$-]+)?$/,
  like: 'the name or ARN of a function',
};

const FORMS: Readonly<Record<Setting, Form>> = {
  name: { pattern: /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, like: 'the name of the stack, such as driftless' },
  deployer: {
    pattern: /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
    like: 'an identity of at most 63 letters, digits, dots and dashes',
  },
  table: NAME,
  bucket: NAME,
  syncFunction: {
    pattern: /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+:[\w$-]+$/,
    like: 'the ARN of an alias, arn:aws:lambda:…:function:NAME:ALIAS',
  },
  renderFunction: FUNCTION,
  driftFunction: FUNCTION,
  sweepFunction: FUNCTION,
  workerFunction: FUNCTION,
  topic: { pattern: /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, like: 'the ARN of a topic, arn:aws:sns:…' },
  webhookSecret: { pattern: /^[\w/+=.@:-]{1,2048}$/, like: 'the name or ARN of a secret' },
  gitSecretPrefix: { pattern: /^[\w/+=.@-]{1,512}$/, like: 'a prefix of secret names, such as driftless/git/' },
  configRepo: { pattern: /^https?:\/\/[^\s/@]+\/\S+$/, like: 'a URL without credentials, https://…' },
  configRef: { pattern: /^[^\s~^:?*[\\]+$/, like: 'a branch, such as main' },
  configPath: {
    pattern: /^([^\s/]+(\/[^\s/]+)*)?$/,
    like: 'a folder without leading or trailing slash; empty is the root',
  },
  configSecret: { pattern: /^[\w/+=.@-]{1,512}$/, like: 'the name of a secret after its prefix' },
  tools: { pattern: /^\/\S*$/, like: 'an absolute path, such as /opt' },
};

/** The settings of a function. */
export type Settings<F extends FunctionName> = Readonly<
  Record<(typeof REQUIRED)[F][number] | 'region', string> & Partial<Record<Setting, string>>
>;

/** Reads the settings of a function. */
export function readSettings<F extends FunctionName>(
  name: F,
  environment: Readonly<Record<string, string | undefined>>,
): Settings<F> {
  const required: readonly Setting[] = REQUIRED[name];
  const problems: string[] = [];
  const settings: Partial<Record<Setting | 'region', string>> = {};
  for (const [setting, { pattern, like }] of Object.entries(FORMS) as [Setting, Form][]) {
    const value = environment[ENV[setting]];
    if (value === undefined) {
      if (required.includes(setting)) problems.push(`${ENV[setting]} is missing; set it to ${like}`);
    } else if (pattern.test(value)) settings[setting] = value;
    else problems.push(`${ENV[setting]} "${shown(value)}" is not ${like}`);
  }
  const region = environment['AWS_REGION'];
  if (region === undefined || region === '') problems.push('AWS_REGION is missing; Lambda sets it');
  if (problems.length > 0)
    throw new DriftlessError('ConfigInvalid', `environment of the function ${name}: ${problems.join('; ')}`);
  return { ...settings, region } as Settings<F>;
}

/** Omits credentials, which an address may contain. */
function shown(value: string): string {
  return value.replace(/\/\/[^/]*@/, '//…@').slice(0, 200);
}
