import { readdirSync, readFileSync } from 'node:fs';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { Configuration } from '../../../lib/model/configuration.ts';

/** The files of a folder of fixtures. */
export function fixtureFolder(name: string): ReadonlyMap<string, string> {
  const folder = new URL(`../../fixtures/config/${name}/`, import.meta.url);
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]),
  );
}

export function configOf(files: ReadonlyMap<string, string>): Configuration {
  const parsed = parseConfig(files);
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.config;
}

/** The problems of one file, a line each. */
export function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig(new Map([['a.yaml', text]]));
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

/** An application as YAML, one field a line; `spec` starts in line 5. */
export function appYaml(spec: {
  readonly source?: object;
  readonly destination?: object;
  readonly [field: string]: unknown;
}): string {
  const { source = {}, destination = {}, ...rest } = spec;
  const whole = {
    source: { repo: 'https://github.com/acme/shop', ...source },
    destination: { namespace: 'shop', ...destination },
    ...rest,
  };
  const lines = Object.entries(whole).map(([field, value]) => `  ${field}: ${JSON.stringify(value)}`);
  return ['apiVersion: driftless.dev/v1', 'kind: Application', 'metadata: { name: shop }', 'spec:', ...lines, ''].join(
    '\n',
  );
}

/** The application that such YAML declares. */
export function appOf(spec: Parameters<typeof appYaml>[0]): Application {
  const [app] = configOf(new Map([['a.yaml', appYaml(spec)]])).applications;
  if (app === undefined) throw new Error('no application');
  return app;
}
