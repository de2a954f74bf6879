/** What lies packed in the one file: scripts, and the messages of languages. */
(() => {
  const unpacked = async (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  };
  const run = async (id) => {
    const script = document.createElement('script');
    script.textContent = await unpacked(id);
    document.head.append(script);
  };
  globalThis.rm1Unpacked = unpacked;
  run('rm1-machine').then(() => run('rm1-app'));
})();
