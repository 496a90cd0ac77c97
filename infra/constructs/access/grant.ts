import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { ENV } from '../../../lib/config/env-names.ts';

/** What a function gets in one call: permissions for a resource, and the environment that locates it. */
export type Access = {
  readonly environment?: Readonly<Partial<Record<keyof typeof ENV, string>>>;
  readonly statements?: readonly PolicyStatementProps[];
};
