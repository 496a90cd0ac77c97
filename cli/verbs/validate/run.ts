import { formatProblems, readConfig } from '../../dev/config-folder.ts';
import { EXIT, type Format, print } from '../../text/output.ts';

/** `validate DIR`: checks a configuration; every problem of every file is printed. */
export async function validate(dir: string, { output }: { readonly output: Format }): Promise<number> {
  const parsed = await readConfig(dir);
  if (!parsed.ok) {
    const { problems } = parsed;
    print(
      output,
      { valid: false, problems },
      () => `${formatProblems(problems)}\n${counted(problems.length, 'problem')}`,
    );
    return EXIT.error;
  }
  const { applications, projects, clusters, repositories } = parsed.config;
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
  print(output, { valid: true, ...counts }, () => `valid: ${text.join(', ')}`);
  return EXIT.ok;
}

function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
