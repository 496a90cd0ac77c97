import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type ParsedConfig, parseConfig } from '../lib/config/parse-config.ts';
import { type ConfigProblem, formatProblem } from '../lib/config/problem.ts';
import { DriftlessError } from '../lib/errors.ts';
import type { Application } from '../lib/model/application.ts';
import type { Configuration } from '../lib/model/configuration.ts';

/** Reads all YAML and JSON files at or below a folder, or the one file that is named. */
export async function readConfig(path: string): Promise<ParsedConfig> {
  return parseConfig(await readFiles(path));
}

/** The configuration, or one error with every problem. */
export function validConfig(parsed: ParsedConfig): Configuration {
  if (parsed.ok) return parsed.config;
  throw new DriftlessError('ConfigInvalid', formatProblems(parsed.problems));
}

/** The one Application of a file. */
export async function readApplication(path: string): Promise<Application> {
  const { applications } = validConfig(await readConfig(path));
  const [app, ...others] = applications;
  if (app !== undefined && others.length === 0) return app;
  throw new DriftlessError(
    'ConfigInvalid',
    `${path}: holds ${applications.length} Applications; name a file with exactly one`,
  );
}

/** Each problem on a line. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

async function readFiles(path: string): Promise<ReadonlyMap<string, string>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new DriftlessError('UsageInvalid', `${path} does not exist; name a folder or file with configuration`);
  if (found.isFile()) return new Map([[path, await readFile(path, 'utf8')]]);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.sort().map(async (file) => [relative(path, file), await readFile(file, 'utf8')] as const)),
  );
}
