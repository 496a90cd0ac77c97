import { type KindTable, kinds } from '../kinds.ts';
import { conditions, rule, words } from '../status-rule.ts';

/** https://strimzi.io/docs/operators/latest/configuring: `NotReady` is True while it is being created, too. */
const strimzi = conditions(
  ['ReconciliationPaused=True', 'Suspended'],
  ['NotReady=True:Creating', 'Progressing'],
  ['NotReady=True', 'Degraded'],
  ['Ready=False', 'Degraded'],
  ['Ready=True', 'Healthy'],
);

const rebalance = conditions(
  ['NotReady=True', 'Degraded'],
  ['ReconciliationPaused=True', 'Suspended'],
  ['ProposalReady=True', 'Suspended'],
  ['Stopped=True', 'Suspended'],
  ['PendingProposal=True', 'Progressing'],
  ['Rebalancing=True', 'Progressing'],
  ['Ready=True', 'Healthy'],
);

const confluent = words(
  'status.phase',
  { Healthy: 'RUNNING', Degraded: 'ERROR|FAILED', Progressing: '*' },
  'status.conditions.0.message',
);

/** Brokers and what is in them. */
export const MESSAGING: KindTable = {
  ...kinds(
    'kafka.strimzi.io',
    'Kafka KafkaBridge KafkaConnect KafkaMirrorMaker2 KafkaTopic KafkaUser',
    rule('not ready yet', strimzi),
  ),
  ...kinds(
    'kafka.strimzi.io',
    'KafkaConnector',
    rule(
      'not ready yet',
      words(
        'status.connectorStatus.connector.state',
        { Degraded: 'FAILED', Suspended: 'PAUSED|STOPPED' },
        'status.connectorStatus.connector.trace',
      ),
      strimzi,
    ),
  ),
  ...kinds('kafka.strimzi.io', 'KafkaRebalance', rule('no proposal yet', rebalance)),
  ...kinds(
    'rabbitmq.com',
    'RabbitmqCluster',
    rule(
      'not formed yet',
      conditions(
        ['ReconcileSuccess=False', 'Degraded'],
        ['AllReplicasReady=False:ScaledToZero', 'Suspended'],
        ['ClusterAvailable=False', 'Progressing'],
        ['ClusterAvailable=Unknown', 'Progressing'],
        ['AllReplicasReady=False', 'Progressing'],
        ['AllReplicasReady=Unknown', 'Progressing'],
        ['AllReplicasReady=True', 'Healthy'],
      ),
    ),
  ),
  ...kinds(
    'rabbitmq.com',
    'Binding Exchange Federation OperatorPolicy Permission Policy Queue SchemaReplication Shovel SuperStream TopicPermission User Vhost',
    rule('not created yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
  ...kinds(
    'platform.confluent.io',
    'Connect ControlCenter Kafka KafkaRestProxy KRaftController KsqlDB SchemaRegistry Zookeeper',
    rule('no status yet', confluent),
  ),
  ...kinds(
    'platform.confluent.io',
    'Connector',
    rule(
      'not created yet',
      words(
        'status.connectorState',
        { Healthy: 'RUNNING', Degraded: 'FAILED', Suspended: 'PAUSED', Progressing: '*' },
        'status.trace',
      ),
      words('status.state', { Degraded: 'ERROR' }),
    ),
  ),
  ...kinds(
    'platform.confluent.io',
    'KafkaTopic Schema ConfluentRolebinding',
    rule('not created yet', words('status.state', { Healthy: 'CREATED', Degraded: 'ERROR|FAILED', Progressing: '*' })),
  ),
  ...kinds(
    'jetstream.nats.io',
    'Consumer KeyValue ObjectStore Stream',
    rule('not created yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
};
