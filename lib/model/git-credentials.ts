/** How the deployer shows a Git server who it is. */
export type GitCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'githubApp';
      readonly appId: string;
      readonly installationId: string;
      readonly privateKey: string;
    };
