// In: a request to render. Out: what the tool prints, from a function that has the tools and no permissions. What may go wrong: the errors of the
// tools; the function runs out of time or memory (RenderLimit), or cannot be invoked (AwsUnavailable).
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { asDriftlessError } from '../../errors.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Blobs } from '../../ports/store.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';
import { packRendering, packRequest, unpackRendering, unpackRequest } from './render-codec.ts';

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
    render: async (request) => unpackRendering(await invoke(await packRequest(request, blobs)), blobs),
  };
}

/** The other end: returns the rendering, or the error's code and message. */
export async function answerRendering(
  event: unknown,
  { renderer, blobs }: { readonly renderer: Renderer; readonly blobs: Blobs },
): Promise<object> {
  try {
    return await packRendering(await renderer.render(await unpackRequest(event, blobs)), blobs);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    return { error: { code, message } };
  }
}
