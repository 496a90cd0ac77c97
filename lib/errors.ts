/** Whose move it is when something fails. */
export type Blame = 'user' | 'git' | 'cluster' | 'aws' | 'deployer';

type Traits = { readonly blame: Blame; readonly retry: boolean; readonly hint: string };

/** Every code the deployer can fail with; docs/errors.md has a paragraph for each, and a test compares the two. */
const ERRORS = {
  // command line and configuration
  UsageInvalid: { blame: 'user', retry: false, hint: 'see --help of the command' },
  ConfigInvalid: { blame: 'user', retry: false, hint: 'correct the listed lines; nothing was changed' },
  ConfigEmpty: { blame: 'user', retry: false, hint: 'nothing was removed; see docs/configuration.md' },
  ProjectForbids: {
    blame: 'user',
    retry: false,
    hint: 'write the named lines into the project, or change what Git holds; nothing was written',
  },
  PrerequisiteMissing: { blame: 'user', retry: false, hint: 'install the named program, then run the command again' },
  ControlPlaneFailed: {
    blame: 'deployer',
    retry: false,
    hint: 'read the quoted log; make sure that memory and disk are not full, then start again',
  },
  DeployerUnreachable: {
    blame: 'user',
    retry: false,
    hint: 'start the deployer with `driftless dev`, or name another one with --url or DRIFTLESS_URL',
  },
  // webhook edge and API
  EndpointUnknown: {
    blame: 'user',
    retry: false,
    hint: 'deliver to POST /webhooks/github or POST /webhooks/gitlab; docs/api.md lists the API',
  },
  WebhookSecretMissing: { blame: 'user', retry: false, hint: 'configure a secret for the webhooks of this forge' },
  SignatureMismatch: { blame: 'user', retry: false, hint: 'compare the secret of the webhook with the configured one' },
  PayloadInvalid: { blame: 'user', retry: false, hint: 'send the payload unchanged, as application/json' },
  TooManyDeliveries: {
    blame: 'user',
    retry: true,
    hint: 'no action is needed: the sweep finds the commit without a webhook',
  },
  PayloadTooLarge: {
    blame: 'user',
    retry: false,
    hint: 'no action is needed: the sweep finds the commit without a webhook',
  },
  RequestInvalid: { blame: 'user', retry: false, hint: 'correct the named field, and send the request again' },
  RequestRefused: {
    blame: 'user',
    retry: false,
    hint: 'call the API of `driftless dev` from its own machine, and the API on AWS with a signature; see docs/api.md',
  },
  TokenInvalid: {
    blame: 'user',
    retry: false,
    hint: 'run the verbs as the user who started `driftless dev`, or set DRIFTLESS_TOKEN to the content of the file `token` in its state folder',
  },
  ObjectUnknown: {
    blame: 'user',
    retry: false,
    hint: 'run `driftless get APP` to list the objects of the application, and `driftless tree APP` for what they own',
  },
  OperationUnknown: { blame: 'user', retry: false, hint: 'run `driftless history` to list the operations' },
  RollbackImpossible: {
    blame: 'user',
    retry: false,
    hint: 'run `driftless history` to list the operations that a rollback can deploy',
  },
  NothingRuns: { blame: 'user', retry: false, hint: 'run `driftless status APP` to see the last operation' },
  ScanUnfinished: {
    blame: 'deployer',
    retry: false,
    hint: 'the scan continues; run `driftless drift` without --now in a few minutes to see its result',
  },
  // Git
  GitUnreachable: {
    blame: 'git',
    retry: true,
    hint: 'check the URL and the Git server; the operation will be retried',
  },
  GitAccessDenied: {
    blame: 'user',
    retry: false,
    hint: 'check the credentials that are configured for the repository',
  },
  GitProtocol: {
    blame: 'git',
    retry: true,
    hint: 'the response is not that of a Git server; check the URL, and proxies in between',
  },
  RepositoryEmpty: { blame: 'user', retry: false, hint: 'push a first commit' },
  RefNotFound: { blame: 'user', retry: false, hint: 'check spec.source.ref; the branch may have been deleted' },
  CommitNotFound: {
    blame: 'user',
    retry: false,
    hint: 'the commit no longer exists, for example after a force push; push again',
  },
  PathNotFound: { blame: 'user', retry: false, hint: 'check spec.source.path' },
  SourceRefused: { blame: 'user', retry: false, hint: 'remove or replace the named file or setting' },
  SourceTooLarge: { blame: 'user', retry: false, hint: 'make the source smaller, or split the application' },
  // render
  ManifestInvalid: { blame: 'user', retry: false, hint: 'correct the file at the named line' },
  RenderFailed: { blame: 'user', retry: false, hint: 'run the same tool on the folder to reproduce the error' },
  RenderLimit: { blame: 'user', retry: false, hint: 'make the rendering smaller or faster, or split the application' },
  // cluster
  ClusterNotConfigured: {
    blame: 'user',
    retry: false,
    hint: 'declare the cluster that spec.destination.cluster names',
  },
  ApiServerUnreachable: { blame: 'cluster', retry: true, hint: 'check the endpoint access of the cluster' },
  ApiServerRejected: { blame: 'cluster', retry: false, hint: 'read the message of the API server' },
  ClusterAccessDenied: { blame: 'user', retry: false, hint: 'grant the deployer the named permission' },
  KindNotFound: { blame: 'user', retry: true, hint: 'install the CRD first, or correct apiVersion and kind' },
  // gates
  SyncModeManual: { blame: 'user', retry: false, hint: 'sync the application manually, or set sync.mode: auto' },
  ApplicationSuspended: { blame: 'user', retry: false, hint: 'resume the application, or sync it manually' },
  RevisionHeld: {
    blame: 'user',
    retry: false,
    hint: 'push a fix, or deploy the commit anyway with `driftless sync APP --release`',
  },
  // AWS
  AwsUnavailable: { blame: 'aws', retry: true, hint: 'the operation will be retried' },
  AwsAccessDenied: {
    blame: 'user',
    retry: false,
    hint: 'grant the named permission to the caller: the role of the function, or your own role',
  },
  SecretInvalid: { blame: 'user', retry: false, hint: 'store the secret in the form that docs/configuration.md shows' },
  // state and the deployer itself
  StateUnavailable: { blame: 'aws', retry: true, hint: 'the operation will be retried' },
  StateTooLarge: { blame: 'user', retry: false, hint: 'split the application' },
  StateTooNew: {
    blame: 'user',
    retry: false,
    hint: 'an older deployer shares the table with a newer one; upgrade or stop the older one',
  },
  LeaseLost: { blame: 'deployer', retry: false, hint: 'another worker has taken over; no action is needed' },
  LeaseExpired: {
    blame: 'deployer',
    retry: true,
    hint: 'the deployer was paused or starved of CPU; the step will be retried under a new lease',
  },
  DeployerChanged: {
    blame: 'user',
    retry: false,
    hint: 'set `deployer` back to the noted identity, or run `driftless adopt --all --from OLD`; see docs/security.md',
  },
  DeployerNotNoted: {
    blame: 'user',
    retry: false,
    hint: 'name the identity that the state table notes; see docs/security.md',
  },
  ApplicationUnknown: {
    blame: 'user',
    retry: false,
    hint: 'check the name; `driftless status` lists the configured applications',
  },
  Internal: {
    blame: 'deployer',
    retry: false,
    hint: 'this is a defect of Driftless; please report it with the message',
  },
} as const satisfies Record<string, Traits>;

export type ErrorCode = keyof typeof ERRORS;

/** Whether a word is one of the codes. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERRORS, word);
}

/** All codes, for the test that compares them with docs/errors.md. */
export const ERROR_CODES: readonly string[] = Object.keys(ERRORS);

/** The only error that is thrown on purpose; an outcome that was to be expected is a value instead. */
export class DriftlessError extends Error {
  override readonly name = 'DriftlessError';
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly retry: boolean;
  readonly hint: string;

  /**
   * @param message subject, wrong value, remedy: `Application/shop: ref "mian" does not exist in https://…`
   * @param options `hint` replaces that of the code, where the cause is known better
   */
  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    const { blame, retry, hint } = ERRORS[code];
    this.code = code;
    this.blame = blame;
    this.retry = retry;
    this.hint = options.hint ?? hint;
  }
}

/** What was thrown as our error; anything nobody planned is Internal, with its own words. */
export function asDriftlessError(thrown: unknown): DriftlessError {
  if (thrown instanceof DriftlessError) return thrown;
  return new DriftlessError('Internal', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
