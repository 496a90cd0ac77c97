import type { Kind } from './kinds.ts';

const HEADER = {
  apiVersion: 'The version of the configuration.',
  kind: 'What the document declares.',
  metadata: 'How the document is named.',
};

/** What editors tell about each field, by its path; '' is the document. Kept apart from the definitions, since only editors need it. */
export const DESCRIPTIONS: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  Application: {
    '': 'What is deployed from where to where.',
    ...HEADER,
    'metadata.name':
      'At most 53 characters: objects are labelled with it, operations are named <name>-<number>, and it is the default name of a Helm release.',
    spec: 'Where the manifests are, where they go, and how.',
    'spec.project': 'The project whose limits apply.',
    'spec.source': 'Where the manifests are.',
    'spec.source.repo':
      'An http or https address, without user and password: credentials are declared as a Repository.',
    'spec.source.ref':
      'Branch, tag, full ref name (refs/heads/main), commit id of 40 digits, or HEAD for the default branch.',
    'spec.source.path': "Folder from the repository's root, without `..`. Empty is the root.",
    'spec.source.directory':
      'Take the folder as plain manifests. Without directory, kustomize and helm, the files in the folder decide.',
    'spec.source.directory.recurse': 'Whether folders below it count too.',
    'spec.source.directory.include': 'Glob, relative to the folder: only these files.',
    'spec.source.directory.exclude': 'Glob, relative to the folder: not these files.',
    'spec.source.kustomize': 'Take the folder as a kustomization.',
    'spec.source.kustomize.allowRemoteBases': 'Whether bases may be fetched from the network.',
    'spec.source.helm': 'Take the folder as a Helm chart.',
    'spec.source.helm.releaseName': "Name of the release; without it, the application's name.",
    'spec.source.helm.valueFiles':
      "Files of values, relative to the chart, or from the repository's root when they start with `/`. Later files are stronger.",
    'spec.source.helm.values': 'Values, stronger than those of the files.',
    'spec.source.helm.includeCRDs': "Whether the chart's `crds` folder is deployed too.",
    'spec.destination': 'Where the objects go.',
    'spec.destination.cluster': 'Name of a declared Cluster; `local` is the cluster that the deployer was started for.',
    'spec.destination.namespace': 'Where objects without a namespace of their own go.',
    'spec.sync': 'How commits are deployed.',
    'spec.sync.mode': '`auto` deploys each push; `manual` waits for a user.',
    'spec.sync.prune':
      'Whether objects that are no longer in the source are deleted, after everything else is healthy.',
    'spec.sync.pruneProtected': 'Kinds that are pruned only when they are named here.',
    'spec.sync.maxPrunePercent':
      "Largest share of the application's objects that one operation may delete; counts from ten objects on.",
    'spec.sync.allowEmpty': 'Whether a source without any object may delete everything.',
    'spec.sync.createNamespace': "Whether the destination's namespace is created when it is missing.",
    'spec.sync.force': 'Whether fields that other field managers own are taken over instead of refused.',
    'spec.sync.recreate': 'Whether an object whose immutable field changes is deleted and created.',
    'spec.sync.timeout': "How long an operation waits for health, from the end of each stage's apply; 1s to 24h.",
    'spec.drift': 'What happens to changes that were made in the cluster.',
    'spec.drift.mode':
      '`correct` undoes them, `report` reports them, `off` does not look for them. Without it the project decides, then `correct`.',
    'spec.drift.ignore': 'Fields whose drift does not count, and that every write leaves to their other owners.',
    'spec.drift.ignore[]': 'A rule: a selector that is absent matches everything; fields, managers or both are given.',
    'spec.drift.ignore[].group': "Glob for the API group; '' is the core group.",
    'spec.drift.ignore[].kind': 'Glob for the kind.',
    'spec.drift.ignore[].namespace': 'Glob for the namespace.',
    'spec.drift.ignore[].name': 'Glob for the name.',
    'spec.drift.ignore[].fields':
      'Paths as diffs print them (spec.template.spec.containers[api].image) or JSON pointers (/spec/replicas); `*` alone is the whole object.',
    'spec.drift.ignore[].managers': 'Globs for field managers: the fields that they own do not count.',
    'spec.rollback': 'Go back to the last healthy revision when an alarm is raised after a deployment.',
    'spec.rollback.alarms': 'Names of CloudWatch alarms; at least one.',
    'spec.rollback.bakeTime': 'How long after a deployment an alarm counts as caused by it; 1s to 24h.',
  },
  Project: {
    '': 'Limits for the applications that name it.',
    ...HEADER,
    'metadata.name': 'At most 63 characters.',
    spec: 'What its applications may use.',
    'spec.description': 'For people.',
    'spec.sourceRepos': 'Globs for the addresses of repositories; the scheme, `.git` and capitals do not matter.',
    'spec.destinations': 'Where its applications may be deployed: in what both globs of any entry match.',
    'spec.destinations[]': 'A cluster and a namespace.',
    'spec.destinations[].cluster': "Glob for the cluster's name.",
    'spec.destinations[].namespace': 'Glob for the namespace.',
    'spec.drift': 'For its applications that do not set a mode.',
    'spec.drift.mode': 'As `spec.drift.mode` of an Application.',
  },
  Cluster: {
    '': 'How a cluster is reached: either `kubeconfig`, on a laptop, or `eks`.',
    ...HEADER,
    'metadata.name': 'At most 63 characters; `spec.destination.cluster` of an Application names it.',
    spec: 'Either kubeconfig or eks.',
    'spec.kubeconfig': "A context of the deployer's kubeconfig.",
    'spec.kubeconfig.context': 'Name of the context.',
    'spec.eks': 'A cluster of Amazon EKS.',
    'spec.eks.name': 'Name of the cluster in EKS.',
    'spec.eks.region': 'AWS region, such as eu-central-1.',
    'spec.eks.roleArn': 'A role to assume first, for a cluster in another account.',
    'spec.eks.externalId': "The external id that the role's trust policy requires.",
    'spec.eks.private': 'Whether the API server has no public endpoint and is reached from within its VPC.',
  },
  Repository: {
    '': 'Credentials by reference, for one repository (`url`) or for all repositories of a host (`host`).',
    ...HEADER,
    'metadata.name': 'At most 63 characters.',
    spec: 'Either url or host, and the credentials.',
    'spec.url': 'The address as applications write it; `.git`, a slash at the end and capitals do not matter.',
    'spec.host':
      'A host as addresses name it, with its port where that is not the usual one: github.com, git.example.com:8443.',
    'spec.credentials': 'Where the credentials are.',
    'spec.credentials.secret': 'Name of the secret that holds the credentials; never a value.',
  },
};
