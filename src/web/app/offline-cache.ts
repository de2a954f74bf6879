/** The app without a network: src/web/service-worker.ts keeps its files from the first visit on. docs/deploying.md says how to go without. */

const isAllowed = (): boolean =>
  'serviceWorker' in navigator &&
  isSecureContext &&
  self === top &&
  document.querySelector('meta[name="rm1-offline"]')?.getAttribute('content') !== 'off' &&
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData !== true;

/** Where it is not to be had, all is as before. */
export async function keepOffline(): Promise<void> {
  if (!isAllowed()) return;
  try {
    await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
  } catch (error) {
    console.info('The app is not kept for times without a network:', error);
  }
}
