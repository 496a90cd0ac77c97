// The interface of a forge's rules. In: the headers, with names in lower case, and the raw body. Out: a push in one shape, or the reason why the delivery has
// no effect. May go wrong: SignatureMismatch, PayloadInvalid.
import type { PushEvent } from '../model/push-event.ts';

/** Headers of a request, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** A delivery before its verification. */
export type UnverifiedDelivery = {
  readonly headers: RequestHeaders;
  /** The bytes as they were sent; a signature covers nothing else. */
  readonly body: Uint8Array;
  /** All secrets that are valid now, so that a secret can be replaced without a gap. */
  readonly secrets: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** The content of a verified delivery. The deletion of a branch or tag is a push without `after`. */
export type Delivery =
  | { readonly kind: 'push'; readonly event: PushEvent }
  | { readonly kind: 'ignored'; readonly deliveryId: string; readonly reason: string };

/** The rules of a forge: how it signs, and how it reports a push. */
export type ForgeRules = {
  /** Throws SignatureMismatch for a delivery that no body can make valid; asked before the body is read. */
  precheck(delivery: Omit<UnverifiedDelivery, 'body'>): void;
  /** Throws SignatureMismatch unless the delivery was made with one of the secrets. */
  verify(delivery: UnverifiedDelivery): Promise<void>;
  /** Reads a delivery that is verified; throws PayloadInvalid. */
  parse(headers: RequestHeaders, body: Uint8Array): Delivery;
};
