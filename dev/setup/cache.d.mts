/** The user's cache folder, by the rules of the XDG base directories. */
export function cacheFolder(): string;

/** Where the control plane is, or will be once it is built; undefined where it is not installed and has no sources to be built from. */
export function controlPlaneBinary(): string | undefined;

/** Other sources, or other ways to build them, have another hash. */
export function sourcesHash(): string;
