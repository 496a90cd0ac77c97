import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../context.ts';
import type { DeployerFunctions } from './functions/deployer-functions.ts';
import { logRetention } from './functions/log-retention.ts';

type Options = Pick<Settings, 'name' | 'domain' | 'throttle' | 'logRetentionDays'> & {
  readonly functions: Pick<DeployerFunctions, 'webhook' | 'api' | 'inspect'>;
};

/** Requests of people; the rate suits a few who wait for operations, or follow logs. Rights to `/api` are none to `/live`. */
const PEOPLE = { path: '/api/{proxy+}', rate: 20, burst: 40 };
const LIVE = { path: '/live/{proxy+}', rate: 10, burst: 20 };

/** The fields of the access log; neither headers nor bodies, which are signed. */
const LINE = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

/** The only entry from the internet: for signed deliveries, and for requests that IAM authorizes. */
export class HttpEndpoint extends Construct {
  readonly api: HttpApi;
  /** Without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    const { name, domain } = options;
    this.api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'Webhooks of Git forges and the API of Driftless',
      createDefaultStage: false,
      // A custom domain can be protected and moved, and must not be bypassed.
      disableExecuteApiEndpoint: domain !== undefined,
    });
    this.#addWebhooks(options);
    const people = this.#addPeople(options);
    this.#stage(options, people);
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`;
  }

  #addWebhooks({ functions: { webhook } }: Options): void {
    const integration = new HttpLambdaIntegration('Webhook', webhook.lambda);
    const routes = [
      ...this.api.addRoutes({ path: '/webhooks/{forge}', methods: [HttpMethod.POST], integration }),
      ...this.api.addRoutes({ path: '/healthz', methods: [HttpMethod.GET], integration }),
    ];
    for (const route of routes)
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Forges cannot use an authorizer: each delivery is signed, and the function verifies the signature first.',
      });
  }

  #addPeople({ functions: { api, inspect } }: Options): readonly HttpRoute[] {
    const authorizer = new HttpIamAuthorizer();
    const routes = [
      { path: PEOPLE.path, methods: [HttpMethod.ANY], integration: new HttpLambdaIntegration('People', api.lambda) },
      { path: LIVE.path, methods: [HttpMethod.GET], integration: new HttpLambdaIntegration('Live', inspect.lambda) },
    ];
    return routes.flatMap((route) => this.api.addRoutes({ ...route, authorizer }));
  }

  #stage({ domain, throttle, logRetentionDays, name }: Options, people: readonly HttpRoute[]): void {
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/driftless/${name}/access`,
      retention: logRetention(logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
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
    const inner = stage.node.defaultChild;
    if (!(inner instanceof CfnStage)) throw new Error('a stage is made of something else');
    const limited = ({ rate, burst }: typeof PEOPLE) => ({
      ThrottlingRateLimit: Math.min(throttle.rate, rate),
      ThrottlingBurstLimit: Math.min(throttle.burst, burst),
    });
    inner.routeSettings = { [`ANY ${PEOPLE.path}`]: limited(PEOPLE), [`GET ${LIVE.path}`]: limited(LIVE) };
    // A stage can have settings only for an existing route.
    stage.node.addDependency(...people);
  }
}
