// In: a request to render. Out: what the tool prints, from a function that has the tools and no permissions. What may go wrong: the errors of the
// tools; the function runs out of time or memory (RenderLimit), or cannot be invoked (AwsUnavailable).
import { randomUUID } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Blobs } from '../../ports/store.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';
import { assertAnswer, nonceIn, packRendering, packRequest, unpackRendering, unpackRequest } from './render-codec.ts';

type RendererOptions = {
  readonly client: LambdaClient;
  readonly functionName: string;
  /** Stores messages that are too large for a call, below `render/`. */
  readonly blobs: Blobs;
};

/** A tool may take a minute, and the function may start cold. */
const WITHIN_SECONDS = 130;

/** A renderer whose tools run in a separate function. */
export function createLambdaRenderer({ client, functionName, blobs }: RendererOptions): Renderer {
  const invoke = createLambdaInvoke({
    client,
    functionName,
    withinSeconds: WITHIN_SECONDS,
    exhausted: 'RenderLimit',
  });
  return {
    render: async (request) => {
      const nonce = randomUUID();
      const answer = await invoke({ ...(await packRequest(request, blobs)), nonce });
      assertAnswer(answer);
      if (nonceIn(answer) === nonce) return unpackRendering(answer, blobs);
      throw new DriftlessError(
        'AwsUnavailable',
        `function ${functionName}: its answer does not carry the nonce of the request, and is not used`,
      );
    },
  };
}

/** The other end: returns the rendering, or the error's code and message, with the nonce of the request. */
export async function answerRendering(
  event: unknown,
  { renderer, blobs }: { readonly renderer: Renderer; readonly blobs: Blobs },
): Promise<object> {
  const nonce = nonceIn(event);
  const shown = nonce === undefined ? {} : { nonce };
  try {
    return { ...(await packRendering(await renderer.render(await unpackRequest(event, blobs)), blobs)), ...shown };
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    return { error: { code, message }, ...shown };
  }
}
