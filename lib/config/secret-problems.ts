// What is wrong with stored secrets. In: zod's findings and the value that was checked. Out: for each wrong field its path, what is there, and what to write.
// No value of the document is told, and of unknown names only those that are plainly no secret: what lies close to a known name, and names of forges.
import type { z } from 'zod';
import { suggest } from './suggest.ts';

type Path = readonly PropertyKey[];

const FORGES = ['github', 'gitlab'] as const;
const CREDENTIALS = ['token', 'username', 'password', 'githubApp'] as const;
const APP = ['appId', 'installationId', 'privateKey'] as const;
const SECTIONS = ['webhooks', 'repositories'] as const;

/** A name that is so much longer than the one that was meant is not shown. */
const MISTYPED = 3;

const CREDENTIALS_FORM = '{token}, {username, password} or {githubApp: {appId, installationId, privateKey}}';

/** Forges whose deliveries another one's endpoint takes, or none. */
const OTHER_FORGES: Readonly<Record<string, string>> = {
  gitea: 'Gitea signs as GitHub does: write its secret under github, and use /webhooks/github',
  forgejo: 'Forgejo signs as GitHub does: write its secret under github, and use /webhooks/github',
  bitbucket: 'its webhooks are not supported; commits are found without one',
  azure: 'its webhooks are not supported; commits are found without one',
  codecommit: 'it has no webhooks; commits are found without one',
};

/** What is wrong with stored secrets, field by field. The value is what the secrets file has at `at`; by default the whole file. */
export function secretProblems({ issues }: z.ZodError, value: unknown, at: readonly string[] = []): string {
  const document = at.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const problems = issues.flatMap((issue) => problemsOf({ ...issue, path: [...at, ...issue.path] }, document));
  return problems.map((problem) => withoutPlace(problem, nameOf(at))).join('; ');
}

/** A secret that is a document of its own names its fields from there. */
function withoutPlace(problem: string, place: string): string {
  if (problem.startsWith(`${place}.`)) return problem.slice(place.length + 1);
  return problem.startsWith(`${place}:`) ? `document${problem.slice(place.length)}` : problem;
}

function problemsOf(issue: z.core.$ZodIssue, document: unknown): readonly string[] {
  const { path } = issue;
  const value = valueAt(document, path);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => !knownAt(path).includes(key)) : [];
  if (unknown.length > 0) return unknown.map((key) => unknownName(path, key));
  if (issue.code === 'invalid_key') return [unknownName(path.slice(0, -1), String(path.at(-1)))];
  if (isMapping(value)) return inMapping(path, value);
  if (Array.isArray(value) && isForWebhooks(path)) return inList(path, value);
  return [`${nameOf(path)}: ${what(value)}; write ${expected(path)}`];
}

/** A mapping that fits none of the forms. */
function inMapping(path: Path, value: Readonly<Record<string, unknown>>): readonly string[] {
  const known = knownAt(path);
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (known.length > 0 && unknown.length > 0) return unknown.map((key) => unknownName(path, key));
  if (isForWebhooks(path)) return [`${nameOf(path)}: is a mapping; write ${expected(path)}`];
  const wrong = Object.entries(value).filter(([key, one]) => key !== 'githubApp' && !isText(one));
  if (wrong.length > 0)
    return wrong.map(([key, one]) => `${nameOf([...path, key])}: ${what(one)}; write ${expected([...path, key])}`);
  const app = value['githubApp'];
  if (app !== undefined && Object.keys(value).length === 1) return inApp([...path, 'githubApp'], app);
  const has = Object.keys(value).join(', ') || 'nothing';
  return [`${nameOf(path)}: has ${has}; write ${expected(path)}`];
}

function inApp(path: Path, app: unknown): readonly string[] {
  if (!isMapping(app)) return [`${nameOf(path)}: ${what(app)}; write a mapping with ${APP.join(', ')}`];
  const unknown = Object.keys(app).filter((key) => !APP.some((name) => name === key));
  if (unknown.length > 0) return unknown.map((key) => unknownName(path, key));
  return APP.filter((name) => app[name] === undefined || app[name] === '').map(
    (name) => `${nameOf([...path, name])}: ${what(app[name])}; write what the settings of the GitHub App show`,
  );
}

function inList(path: Path, value: readonly unknown[]): readonly string[] {
  return value.flatMap((one, place) =>
    isText(one) ? [] : [`${nameOf([...path, place])}: ${what(one)}; write the secret as text, or remove it`],
  );
}

function unknownName(path: Path, key: string): string {
  const known = knownAt(path);
  const isForges = isSame(known, FORGES);
  const other = isForges && Object.hasOwn(OTHER_FORGES, key) ? OTHER_FORGES[key] : undefined;
  if (other !== undefined) return `${nameOf([...path, key])}: ${other}`;
  const meant = suggest(key, known);
  const kind = isForges ? 'forge' : 'field';
  if (meant !== undefined && key.length <= meant.length + MISTYPED)
    return `${nameOf([...path, key])}: is no known ${kind}; write ${meant}`;
  return `${nameOf(path)}: has an unknown ${kind}; known are ${known.join(', ')}`;
}

/** Names that are possible there. The webhooks' secret on AWS, and a credential, are documents of their own. */
function knownAt(path: Path): readonly string[] {
  const last = path.at(-1);
  if (last === 'githubApp') return APP;
  if (path[0] === 'repositories') return path.length === 2 ? CREDENTIALS : [];
  if (path[0] === 'webhooks') return path.length === 1 ? FORGES : [];
  return path.length === 0 ? SECTIONS : [];
}

function expected(path: Path): string {
  const last = path.at(-1);
  if (path.length === 0) return 'a mapping with webhooks, repositories, or both';
  if (path.length === 1 && last === 'webhooks') return 'a mapping of forges to secrets, as {github: [3f9c0d6b1e]}';
  if (path.length === 1 && last === 'repositories') return `a mapping of names to ${CREDENTIALS_FORM}`;
  if (isForWebhooks(path)) return 'a secret or a list of secrets, as [3f9c0d6b1e]';
  return path[0] === 'repositories' && path.length === 2 ? CREDENTIALS_FORM : 'text, in quotes where it is a number';
}

function isForWebhooks(path: Path): boolean {
  return path[0] === 'webhooks' && path.length === 2;
}

function what(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null || value === '') return 'is empty';
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'object') return 'is a mapping';
  return typeof value === 'string' ? 'is text' : 'is no text';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.join() === others.join();
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isMapping(value) ? value[String(key)] : undefined;
  }, document);
}

function nameOf(path: Path): string {
  return path.map(String).join('.') || 'document';
}
