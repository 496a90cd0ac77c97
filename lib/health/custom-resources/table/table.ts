import type { KindTable } from '../kinds.ts';
import { CLUSTERS } from './clusters.ts';
import { DATABASES } from './databases.ts';
import { DELIVERY } from './delivery.ts';
import { MESSAGING } from './messaging.ts';
import { NETWORK } from './network.ts';
import { OBSERVABILITY } from './observability.ts';
import { OPERATORS } from './operators.ts';
import { PROCESSING } from './processing.ts';
import { SECURITY } from './security.ts';
import { STORAGE } from './storage.ts';

/** The kinds of other projects whose status is a word, a number or a list of conditions. */
export const STATUS_RULES: KindTable = {
  ...CLUSTERS,
  ...DATABASES,
  ...DELIVERY,
  ...MESSAGING,
  ...NETWORK,
  ...OBSERVABILITY,
  ...OPERATORS,
  ...PROCESSING,
  ...SECURITY,
  ...STORAGE,
};
