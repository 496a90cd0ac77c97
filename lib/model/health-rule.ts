/** How the objects of some kinds are judged in a cluster, in place of the rule that Driftless has for them. Exactly one of cel and lua is set. */
export type HealthRule = {
  /** A glob; '' is the core group. */
  readonly group: string;
  /** A glob. */
  readonly kind: string;
  /** An expression that sees the object as `object`. */
  readonly cel?: string;
  /** A check of Argo CD, which sees the object as `obj`. */
  readonly lua?: string;
};
