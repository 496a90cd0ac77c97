/** How one API server is reached, and as whom. Comes from a kubeconfig on a laptop, from EKS on AWS. */
export type ClusterAccess = {
  /** `https://host:port`, perhaps with a path behind it; plain http only on this machine. */
  readonly server: string;
  /** Certificate authorities, PEM; absent means those of the system. */
  readonly caData?: string;
  /** Name in the server's certificate, where it is not the host of `server`. */
  readonly tlsServerName?: string;
  /** Only where the user's own kubeconfig says so; warned about. */
  readonly insecureSkipTlsVerify?: boolean;
  /** PEM. */
  readonly clientCert?: { readonly cert: string; readonly key: string };
  /** Headers that show who asks. Called for every request, so its maker caches; `refresh` after the server said 401. */
  readonly auth: (options?: { readonly refresh?: boolean }) => Promise<Readonly<Record<string, string>>>;
  /** Asked once the server's certificate or name is not what it was: how the cluster is reached now. */
  readonly renew?: () => Promise<ClusterAccess>;
  /** How long a 401 is tried again after the first one, where the server may not have heard of us yet; 0. */
  readonly unknownForMs?: number;
};
