import type { PlacedRule } from '../../../lib/config/health-rules.ts';
import { ruleProblems } from '../../../lib/health/own-rules.ts';
import type { ConfigProblem } from '../../../lib/model/config-problem.ts';
import { formatProblems, readConfig } from '../../dev/config/config-folder.ts';
import { EXIT, type Format, print } from '../../text/output.ts';

/**
 * `validate DIR`: checks a configuration; every problem of every file is printed. An application that its project refuses is loaded by a deployer, beside the
 * others, and fails there; here it is a problem.
 */
export async function validate(dir: string, { output }: { readonly output: Format }): Promise<number> {
  const parsed = await readConfig(dir);
  const problems = parsed.ok ? [...parsed.refused, ...(await unreadable(parsed.rules))] : parsed.problems;
  if (!parsed.ok || problems.length > 0) {
    print(
      output,
      { valid: false, problems },
      () => `${formatProblems(problems)}\n${counted(problems.length, 'problem')}`,
    );
    return EXIT.error;
  }
  const { config, warnings } = parsed;
  const { applications, projects, clusters, repositories } = config;
  const counts = {
    applications: applications.length,
    projects: projects.length,
    clusters: clusters.length,
    repositories: repositories.length,
  };
  const text = [
    counted(applications.length, 'Application'),
    counted(projects.length, 'Project'),
    counted(clusters.length, 'Cluster'),
    counted(repositories.length, 'Repository', 'Repositories'),
  ];
  if (warnings.length > 0)
    process.stderr.write(`warning: ${formatProblems(warnings).replaceAll('\n', '\nwarning: ')}\n`);
  const result = { valid: true, ...counts, ...(warnings.length > 0 && { warnings }) };
  print(output, result, () => `valid: ${text.join(', ')}`);
  return EXIT.ok;
}

/** Rules of health whose programs cannot be read; an object that one applies to would be Unknown. */
async function unreadable(rules: readonly PlacedRule[]): Promise<readonly ConfigProblem[]> {
  const found = await ruleProblems(rules.map(({ rule }) => rule));
  return found.flatMap(({ index, message }) => {
    const { place } = rules[index] ?? {};
    return place === undefined ? [] : [{ ...place, message }];
  });
}

function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
