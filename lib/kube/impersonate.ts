// Writes in the name of a project's user. In: a deployer's way to an API server. Out: the same way with the headers of the user. What may go wrong: the
// deployer may not act as the user, which is thrown as ClusterAccessDenied with the command that prints the rights.
import { DriftlessError } from '../errors.ts';
import type { ProjectUser } from '../model/project-user.ts';
import type { Transport } from './http/transport.ts';

/** The way of requests that are the user's. */
export function impersonating(transport: Transport, user: ProjectUser): Transport {
  const headers = { 'impersonate-user': user.user, 'impersonate-group': user.group };
  return {
    ...transport,
    send: async (request) => {
      const reply = await transport.send({ ...request, headers: { ...request.headers, ...headers } });
      if (reply.status === 403 && / cannot impersonate resource /.test(reply.failure?.message ?? ''))
        throw missingRights(user, `the deployer may not act as its user "${user.user}"`);
      return reply;
    },
  };
}

/** A project whose rights are not in the cluster. */
export function missingRights({ project }: ProjectUser, what: string): DriftlessError {
  return new DriftlessError('ClusterAccessDenied', `Project/${project}: ${what}; ${applyRights(project)}`);
}

/** What is to be done about rights of a project. */
export function applyRights(project: string): string {
  return `apply what \`driftless rbac --config DIR --project ${project}\` prints`;
}
