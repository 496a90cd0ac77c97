import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isConfigFile, isLeftOut } from '../../../lib/config/config-files.ts';
import { type ParsedConfig, parseConfig } from '../../../lib/config/parse-config.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { ConfigProblem } from '../../../lib/model/config-problem.ts';
import type { Configuration } from '../../../lib/model/configuration.ts';
import { userPath } from '../../paths.ts';

/** Reads all YAML and JSON files at or below a folder, or the one file that is named; throws UsageInvalid where there are none. */
export async function readConfig(path: string): Promise<ParsedConfig> {
  return parseConfig(await readFiles(path));
}

/** The configuration, or one error with every problem. */
export function validConfig(parsed: ParsedConfig): Configuration {
  if (parsed.ok) return parsed.config;
  throw new DriftlessError('ConfigInvalid', formatProblems(parsed.problems));
}

/** The one Application of a file; of several, the one with the name. */
export async function readApplication(path: string, name: string | undefined): Promise<Application> {
  const { applications } = validConfig(await readConfig(path));
  const [app, ...others] = applications;
  if (app === undefined)
    throw new DriftlessError('ConfigInvalid', `${path}: holds no document of kind: Application; name another file`);
  if (others.length === 0) return app;
  const chosen = applications.find((one) => one.name === name);
  if (chosen !== undefined) return chosen;
  const names = applications.map((one) => one.name).sort();
  const wrong = name === undefined ? '' : `, and none is ${name}`;
  throw new DriftlessError(
    'ConfigInvalid',
    `${path}: holds ${names.length} Applications${wrong}; select one with --name: ${names.join(', ')}`,
  );
}

/** Each problem on a line. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

async function readFiles(path: string): Promise<ReadonlyMap<string, string>> {
  const full = userPath(path);
  const found = await stat(full).catch(() => undefined);
  if (found === undefined)
    throw new DriftlessError('UsageInvalid', `${path}: does not exist; name a folder or file with configuration`);
  if (found.isFile()) return new Map([[path, await readFile(full, 'utf8')]]);
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(full, join(entry.parentPath, entry.name)))
    .filter((file) => isConfigFile(file) && !isLeftOut(file))
    .sort();
  if (files.length > 0)
    return new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(full, file), 'utf8')] as const)),
    );
  throw new DriftlessError(
    'UsageInvalid',
    `${path}: holds no .yaml, .yml or .json file; write an Application there, or name another folder`,
  );
}
