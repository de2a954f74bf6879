/** Starts the embed at once, or, with `poster=static`, shows a picture of the scenario until the reader wants the machine. */
(() => {
  const base = document.currentScript.src;
  const file = (name) => new URL(name, base).href;
  const parameters = new URLSearchParams(location.hash.slice(1).replace(/#\?secret=.*$/, ''));

  const german = /^de/.test(parameters.get('lang') ?? '');

  const start = () => {
    const script = document.createElement('script');
    script.src = file('embed.js');
    script.onerror = () => {
      document.getElementById('root').textContent = german
        ? 'RingMinusOne konnte nicht geladen werden.'
        : 'RingMinusOne could not be loaded.';
    };
    document.head.append(script);
  };

  if (parameters.get('poster') !== 'static') {
    start();
    return;
  }

  const poster = document.createElement('main');
  poster.className = 'poster';
  const scenario = /^[a-z0-9-]+$/.exec(parameters.get('scenario') ?? '')?.[0];
  if (scenario) {
    const picture = document.createElement('img');
    const theme = parameters.get('theme') ?? 'auto';
    const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
    picture.src = file(`../posters/${scenario}${dark ? '-dark' : ''}.svg`);
    picture.alt = german ? 'Schutzringe bei dem Schritt, mit dem es beginnt' : 'Protection rings at the step where this begins';
    picture.onerror = () => picture.remove();
    poster.append(picture);
  }
  const button = document.createElement('button');
  button.className = 'tb main';
  button.textContent = german ? 'Schritt für Schritt ansehen' : 'Step through it';
  poster.append(button);
  document.getElementById('root').before(poster);

  const fetchEarly = () => {
    for (const name of ['embed.js', '../core.js']) {
      const hint = document.createElement('link');
      hint.rel = 'prefetch';
      hint.href = file(name);
      document.head.append(hint);
    }
  };
  button.addEventListener('pointerenter', fetchEarly, { once: true });
  button.addEventListener('focus', fetchEarly, { once: true });
  button.addEventListener('click', () => {
    poster.remove();
    start();
  });

  /** In the dialects of src/web/embed/messages.ts. */
  const tell = () => {
    if (parent === window) return;
    const height = Math.ceil(poster.getBoundingClientRect().height);
    const lti = { subject: 'lti.frameResize', height };
    const embedly = { context: 'iframe.resize', src: location.href, height };
    const ours = { source: 'rm1', v: 1, id: parameters.get('id') ?? '', type: 'resize', height };
    for (const message of [ours, lti, JSON.stringify(lti), JSON.stringify(embedly), { sentinel: 'amp', type: 'embed-size', height }])
      parent.postMessage(message, '*');
  };
  new ResizeObserver(tell).observe(poster);
})();
