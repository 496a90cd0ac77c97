import { EXIT, type Format, print } from '../../text/output.ts';
import { type DeploymentOptions, findDeployment } from './deployment.ts';
import { connectGithub } from './github.ts';
import { connectGitlab } from './gitlab.ts';
import { type Forge, formatConnection } from './step.ts';

const FORGES = { github: connectGithub, gitlab: connectGitlab } as const;

export type ConnectOptions = DeploymentOptions & Forge & { readonly output: Format };

/** `connect FORGE`: what to do so that its pushes are deployed; nothing is asked of AWS or the forge. */
export async function connect(forge: keyof typeof FORGES, options: ConnectOptions): Promise<number> {
  const connection = FORGES[forge](await findDeployment(options), options);
  print(options.output, connection, () => formatConnection(connection));
  return EXIT.ok;
}
