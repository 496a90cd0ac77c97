/** The label by which an application's objects are found; its value is the application's name. */
export const APP_LABEL = 'driftless.dev/app';
