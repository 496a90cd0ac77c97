import type { z } from 'zod';

/** What makes a schema that forgets a field of the model a type error: reading would silently drop that field. */
export type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };
