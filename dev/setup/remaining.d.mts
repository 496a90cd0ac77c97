/** `600 of about 2600 packages, about 4 min left`, for so many compiled packages after so many milliseconds. */
export function remaining(compiled: number, total: number, elapsedMs: number): string;
