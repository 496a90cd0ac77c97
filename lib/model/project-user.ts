/** Who writes for a project's applications, as the API server sees it. */
export type ProjectUser = { readonly project: string; readonly user: string; readonly group: string };

/** The user of a project; `deployer` is the name of the deployer's own Kubernetes group. */
export function projectUser(deployer: string, project: string): ProjectUser {
  return { project, user: `${deployer}:project:${project}`, group: `${deployer}:projects` };
}

/** Marks what the deployer has made for a project. */
const PROJECT_LABEL = 'driftless.dev/project';

/** The binding that gives a project's user its rights in a namespace; it and the role are called as the user. */
export function projectBinding({ project, user }: ProjectUser, namespace: string) {
  const [group, version] = ['rbac.authorization.k8s.io', 'v1'];
  return {
    apiVersion: `${group}/${version}`,
    kind: 'RoleBinding',
    metadata: { name: user, namespace, labels: { [PROJECT_LABEL]: project } },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: user },
    subjects: [{ apiGroup: group, kind: 'User', name: user }],
  };
}
