import { wireRender } from './wiring/render.ts';

const render = wireRender(process.env);

/**
 * Renders for a step of the sync function, which waits for the answer. What goes wrong with the rendering is an answer too; what is thrown beyond that
 * the caller sees as an error of the function, and tries again.
 */
export async function handler(event: unknown): Promise<unknown> {
  return render(event);
}
