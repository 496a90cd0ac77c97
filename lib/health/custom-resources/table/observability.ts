import { type KindTable, kinds } from '../kinds.ts';
import { openTelemetryCollector } from '../open-telemetry.ts';
import { bound } from '../parts.ts';
import { alwaysHealthy, conditions, rule, stoppedBy, words } from '../status-rule.ts';

const NO_STATUS = 'no status yet';

/** https://prometheus-operator.dev/docs/api-reference/api/: `Available` may also be `Degraded`. */
const prometheus = rule(
  'not available yet',
  stoppedBy('spec.paused'),
  conditions(
    ['Reconciled=False', 'Degraded'],
    ['Available=False:SomePodsNotReady', 'Progressing'],
    ['Available=Degraded:SomePodsNotReady', 'Progressing'],
    ['Available=False', 'Degraded'],
    ['Available=Degraded', 'Degraded'],
    ['Available=True', 'Healthy'],
  ),
);

/** Who selects them may tell whether they are accepted; older operators write no status. */
const configuration = rule(
  NO_STATUS,
  bound('status.bindings', 'workload', [['Accepted=False', 'Degraded']]),
  alwaysHealthy,
);

const synchronized = (name: string) =>
  rule(
    'not synchronized yet',
    conditions(
      ['InvalidSpec=True', 'Degraded'],
      ['NoMatchingInstance=True', 'Degraded'],
      [`${name}=False`, 'Degraded'],
      [`${name}=True`, 'Healthy'],
    ),
  );

/** ECK: `red` and `yellow` are also what starts. */
const elasticPart = rule(NO_STATUS, words('status.health', { Healthy: 'green', Progressing: 'yellow|red|unknown' }));

const victoria = rule(
  NO_STATUS,
  stoppedBy('spec.paused'),
  words(
    'status.updateStatus',
    { Healthy: 'operational', Progressing: 'expanding', Degraded: 'failed', Suspended: 'paused' },
    'status.reason',
  ),
);

/** Metrics, logs, traces and dashboards. */
export const OBSERVABILITY: KindTable = {
  ...kinds('monitoring.coreos.com', 'Alertmanager Prometheus PrometheusAgent ThanosRuler', prometheus),
  ...kinds(
    'monitoring.coreos.com',
    'AlertmanagerConfig PodMonitor Probe PrometheusRule ScrapeConfig ServiceMonitor',
    configuration,
  ),
  ...kinds('operator.victoriametrics.com', '*', victoria),
  ...kinds(
    'elasticsearch.k8s.elastic.co',
    'Elasticsearch',
    rule(
      NO_STATUS,
      words('status.phase', { Degraded: 'Invalid', Progressing: 'ApplyingChanges|MigratingData' }),
      // Yellow for a moment whenever an index is created or moved.
      words('status.health', { Healthy: 'green', Degraded: 'red', Progressing: 'yellow|unknown' }),
    ),
  ),
  ...kinds('agent.k8s.elastic.co', 'Agent', elasticPart),
  ...kinds('apm.k8s.elastic.co', 'ApmServer', elasticPart),
  ...kinds('beat.k8s.elastic.co', 'Beat', elasticPart),
  ...kinds('enterprisesearch.k8s.elastic.co', 'EnterpriseSearch', elasticPart),
  ...kinds('kibana.k8s.elastic.co', 'Kibana', elasticPart),
  ...kinds('logstash.k8s.elastic.co', 'Logstash', elasticPart),
  ...kinds('maps.k8s.elastic.co', 'ElasticMapsServer', elasticPart),
  ...kinds('opentelemetry.io', 'OpenTelemetryCollector', openTelemetryCollector),
  ...kinds(
    'grafana.integreatly.org',
    'Grafana',
    rule(
      'not set up yet',
      stoppedBy('spec.suspend'),
      words(
        'status.stageStatus',
        { Degraded: 'failed', Progressing: 'in progress' },
        'status.lastMessage',
        'status.stage',
      ),
      words('status.stage', { Healthy: 'complete', Progressing: '*' }),
    ),
  ),
  ...kinds('grafana.integreatly.org', 'GrafanaDashboard', synchronized('DashboardSynchronized')),
  ...kinds('grafana.integreatly.org', 'GrafanaDatasource', synchronized('DatasourceSynchronized')),
  ...kinds('grafana.integreatly.org', 'GrafanaFolder', synchronized('FolderSynchronized')),
  ...kinds('grafana.integreatly.org', 'GrafanaAlertRuleGroup', synchronized('AlertGroupSynchronized')),
  ...kinds('grafana.integreatly.org', 'GrafanaContactPoint', synchronized('ContactPointSynchronized')),
  ...kinds('grafana.integreatly.org', 'GrafanaNotificationPolicy', synchronized('NotificationPolicySynchronized')),
  ...kinds(
    'jaegertracing.io',
    'Jaeger',
    rule(NO_STATUS, words('status.phase', { Healthy: 'Running', Degraded: 'Failed' })),
  ),
  ...kinds(
    'datadoghq.com',
    'DatadogMetric',
    rule(NO_STATUS, conditions(['Error=True', 'Degraded'], ['Valid=False', 'Degraded'], ['Valid=True', 'Healthy'])),
  ),
  ...kinds(
    'datadoghq.com',
    'DatadogAgent',
    rule(
      NO_STATUS,
      conditions(['DatadogAgentReconcileError=True', 'Degraded']),
      words('status.agent.state', { Healthy: 'Running', Degraded: 'Failed', Progressing: '*' }),
    ),
  ),
};
