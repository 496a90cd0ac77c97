// In: a request to render. Out: what the tool prints, by way of a function that has the tools and no rights. What may go wrong: what may go wrong
// with the tools, as they would here; the function runs out of time or memory (RenderLimit), or cannot be called (AwsUnavailable).
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { asDriftlessError } from '../../errors.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Blobs } from '../../ports/store.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';
import { packRendering, packRequest, unpackRendering, unpackRequest } from './render-codec.ts';

type RendererOptions = {
  readonly client: LambdaClient;
  readonly functionName: string;
  /** Carries what is too large for a call, below `render/`. */
  readonly blobs: Blobs;
};

/** A tool may take a minute, and the function may have to start. */
const WITHIN_SECONDS = 130;

/** A renderer whose tools run in a function of their own. */
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

/** The other end: answers a call with the rendering, or with the error's code and message. */
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
