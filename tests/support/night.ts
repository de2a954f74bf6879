/** Whether this is `npm run nightly`, in which tests do what takes too long for every change. */
export const BY_NIGHT = process.env.RM1_NIGHTLY !== undefined;
