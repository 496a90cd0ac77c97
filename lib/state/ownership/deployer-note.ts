// In: the identity of a deployer. Out: the identity that the table belongs to. Where they are the same, a process asks once.
import type { StateTable } from '../dynamo/dynamo-table.ts';
import { DEPLOYER_KEY } from '../dynamo/keys.ts';
import { parseDeployer } from '../schema/table.ts';

/** The note of the deployer that a table belongs to. */
export class DeployerNote {
  readonly #table: StateTable;
  #known: string | undefined;

  constructor(table: StateTable) {
    this.#table = table;
  }

  /** Notes an identity where none is noted, or in place of another one; returns the one that is noted. */
  async note(identity: string, over: string | undefined): Promise<string> {
    if (this.#known === identity) return identity;
    const found = await this.#read();
    const noted = found === undefined || found === over ? await this.#write(identity, found) : found;
    this.#known = noted;
    return noted;
  }

  async #read(): Promise<string | undefined> {
    const item = await this.#table.get(DEPLOYER_KEY);
    return item === undefined ? undefined : parseDeployer(item);
  }

  /** Another writer may be first. */
  async #write(identity: string, over: string | undefined): Promise<string> {
    const condition =
      over === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#deployer = :over',
            ExpressionAttributeNames: { '#deployer': 'deployer' },
            ExpressionAttributeValues: { ':over': over },
          };
    const put = { Item: { ...DEPLOYER_KEY, deployer: identity }, ...condition };
    if ((await this.#table.transact([{ Put: put }])) === 'written') return identity;
    return (await this.#read()) ?? identity;
  }
}
