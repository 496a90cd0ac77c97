/** The user's cache folder, by the rules of the XDG base directories. */
export function cacheFolder(): string;

/** Where the control plane of these sources is, or will be once it is built: other sources have another name. */
export function controlPlaneBinary(): string;
