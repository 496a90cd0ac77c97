import { formatProblems, readConfig } from '../config-folder.ts';
import { EXIT, type Format, print } from '../output.ts';
import { userPath } from '../paths.ts';

/** `validate DIR`: checks a configuration; every problem of every file is printed. */
export async function validate(dir: string, { output }: { readonly output: Format }): Promise<number> {
  const parsed = await readConfig(userPath(dir));
  if (!parsed.ok) {
    const { problems } = parsed;
    print(output, { valid: false, problems }, () => `${formatProblems(problems)}\n${problems.length} problems`);
    return EXIT.error;
  }
  const { applications, projects, clusters, repositories } = parsed.config;
  const counts = {
    applications: applications.length,
    projects: projects.length,
    clusters: clusters.length,
    repositories: repositories.length,
  };
  const text = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  print(output, { valid: true, ...counts }, () => `valid: ${text.join(', ')}`);
  return EXIT.ok;
}
