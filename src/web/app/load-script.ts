import { say } from '../../lib/say.ts';
/** Runs a classic script, which no policy about fetching keeps out. */
export function loadScript(url: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(say`${url} could not be loaded`));
    document.head.append(script);
  });
}
