import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { DomainName, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../context.ts';
import { logRetention } from './log-retention.ts';

type Options = Pick<Settings, 'name' | 'domain' | 'throttle' | 'logRetentionDays'> & {
  readonly webhook: LambdaFunction;
};

/** What a line of the access log tells; neither headers nor bodies, which are signed. */
const LINE = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

/** The one way in from the internet. */
export class WebhookApi extends Construct {
  readonly api: HttpApi;
  /** Without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    const { name, domain, webhook } = options;
    this.api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'Deliveries of Git forges to Driftless',
      createDefaultStage: false,
      // A domain of its own can be protected and moved; nobody should go around it.
      disableExecuteApiEndpoint: domain !== undefined,
    });
    const integration = new HttpLambdaIntegration('Webhook', webhook);
    this.api.addRoutes({ path: '/webhooks/{forge}', methods: [HttpMethod.POST], integration });
    this.api.addRoutes({ path: '/healthz', methods: [HttpMethod.GET], integration });
    this.#stage(options);
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`;
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Forges know no authorizer: each delivery is signed, and the function verifies the signature before anything else.',
    });
  }

  #stage({ domain, throttle, logRetentionDays, name }: Options): void {
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/driftless/${name}/access`,
      retention: logRetention(logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LINE)),
      },
      ...(domain !== undefined && {
        domainMapping: {
          domainName: new DomainName(this, 'Domain', {
            domainName: domain.name,
            certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
          }),
        },
      }),
    });
  }
}
