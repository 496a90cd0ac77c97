import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Access } from '../access/grant.ts';

const key = (name: string) => ({ name, type: AttributeType.STRING });

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'];

/** The state of all applications. It outlives the stack, unless `retain` is false. */
export class StateTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { retain }: { readonly retain: boolean }) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: key('pk'),
      sortKey: key('sk'),
      timeToLiveAttribute: 'ttl',
      globalSecondaryIndexes: [
        {
          indexName: 'byRepo',
          partitionKey: key('repo'),
          sortKey: key('pk'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          indexName: 'byListing',
          partitionKey: key('listing'),
          sortKey: key('pk'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** To read, item by item. */
  read(): Access {
    const { environment, statements } = this.use();
    return { environment, statements: [{ actions: READ, resources: [this.table.tableArn] }, ...statements.slice(1)] };
  }

  /** To read and to write, item by item; never to scan, nor to change the table itself. */
  use(): Required<Access> {
    const write = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];
    const indexes = ['byRepo', 'byListing'].map((name) => `${this.table.tableArn}/index/${name}`);
    return {
      environment: { table: this.table.tableName },
      statements: [
        { actions: [...READ, ...write], resources: [this.table.tableArn] },
        { actions: ['dynamodb:Query'], resources: indexes },
      ],
    };
  }
}
