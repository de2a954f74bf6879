/**
 * <ring-minus-one scenario="first-exit" step="612">: the embed as an element. What it holds is shown where no script runs, and is the
 * program when it is one: <script type="text/plain" data-asm> or <pre data-asm>. docs/embedding.md says what it takes and gives.
 */
(() => {
  if (!globalThis.customElements || customElements.get('ring-minus-one')) return;
  const own = document.currentScript ?? document.querySelector('script[src*="ringminusone.js"]');
  const home = new URL('.', own?.src ?? new URL('/ringminusone/', location.href));
  const NAMES =
    'base lesson page scenario vmm paging vms cpu costs step event s hash panels controls predict readonly theme motion numbers scale autoplay loop speed poster lang'.split(
      ' ',
    );
  const COLOURS = 'bg fg accent ring3 ring0 ring-1 font mono radius duration'.split(' ').map((name) => `--rm1-${name}`);
  const PARTS = 'toolbar step-button ring ring-label code gutter register exit timeline prediction'.split(' ');
  /** What a page can say of a part inside the frame. */
  const SAID = 'color background-color border-color border-radius fill stroke stroke-width font-weight opacity'.split(' ');
  const STYLE = `:host{display:block;margin-block:1em}:host([hidden]){display:none}iframe{display:block;width:100%;height:500px;border:0;max-height:var(--rm1-max-height,none)}
.p{display:grid;place-items:center;gap:12px}img{max-width:100%}button{font:inherit;padding:10px 18px}`;

  const darkness = () => {
    const { dataset, classList } = document.documentElement;
    const said = dataset.theme ?? dataset.bsTheme ?? dataset.mdColorScheme ?? '';
    if (/dark|slate/.test(said) || classList.contains('dark')) return 'dark';
    if (/light|default/.test(said) || classList.contains('light')) return 'light';
    const { colorScheme } = getComputedStyle(document.documentElement);
    return /^(dark|light)$/.test(colorScheme) ? colorScheme : 'auto';
  };

  const pack = async (source, machine) => {
    const text = JSON.stringify({ source, ...machine });
    let crc = -1;
    for (const byte of new TextEncoder().encode(text)) {
      crc ^= byte;
      for (let bit = 8; bit--; ) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
    }
    const check = (~crc >>> 0).toString(16).padStart(8, '0');
    const whole = new Blob([`${text.slice(0, -1)},"check":"${check}"}`]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    let binary = '';
    for (const byte of new Uint8Array(await new Response(whole).arrayBuffer())) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };

  let serials = 0;
  const serial = () => `e${++serials}`;

  class RingMinusOne extends HTMLElement {
    static observedAttributes = NAMES.slice(1);
    #id = serial();
    #frame = null;
    #asked = null;
    #questions = new Map();
    #begin;
    #watch = [];
    /** Stand in for the parts of the frame, which no selector of the page reaches. */
    #parts = document.createElement('p');
    state = null;
    ready = new Promise((resolve) => {
      this.#begin = resolve;
    });

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      this.#parts.hidden = true;
      this.#parts.append(...['', ...PARTS].map((part) => Object.assign(document.createElement('i'), { part })));
      root.append(document.createElement('slot'), this.#parts);
    }

    connectedCallback() {
      for (const name of NAMES) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      addEventListener('message', this);
      const looking = new MutationObserver(() => this.#theme());
      looking.observe(document.documentElement, { attributes: true });
      const near = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#open(), { rootMargin: '200px' });
      this.#watch = [looking, near];
      if (this.poster === 'static') this.#facade();
      else near.observe(this);
    }

    disconnectedCallback() {
      removeEventListener('message', this);
      for (const watch of this.#watch) watch.disconnect();
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, value) {
      if (this.#frame && before !== value) this.#send({ type: 'set', params: { [name]: this.#value(name) } });
    }

    #value(name) {
      if (name === 'theme' && !/^(light|dark|contrast)$/.test(this.theme)) return darkness();
      if (name === 'lang') return this.#lang();
      const value = this.getAttribute(name);
      return value ?? (/^(readonly|autoplay|loop|hash)$/.test(name) ? '0' : '');
    }

    #file(path) {
      return new URL(path, this.base ? new URL(this.base.replace(/\/?$/, '/'), location.href) : home);
    }

    /** Its own language, or that of the page around it. */
    #lang() {
      return this.closest('[lang]')?.lang.slice(0, 2) || 'en';
    }

    #theme() {
      this.#send({ type: 'set', params: { theme: this.#value('theme'), lang: this.#lang(), ...this.#dress() } });
    }

    /** The custom properties, and of each part what the page says. */
    #dress() {
      const of = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
      const [plain, ...parts] = this.#parts.children;
      const dress = {};
      for (const name of COLOURS) dress[name] = of(this, name);
      for (const part of parts)
        dress[`::${part.part}`] = SAID.map((name) => (of(part, name) === of(plain, name) ? '' : `${name}:${of(part, name)};`)).join('');
      return dress;
    }

    #facade() {
      const box = document.createElement('div');
      box.className = 'p';
      box.innerHTML = `<img part="poster" alt=""><button part="step-button">${this.#lang() === 'de' ? 'Schritt für Schritt ansehen' : 'Step through it'}</button>`;
      const [picture, button] = box.children;
      picture.onerror = () => picture.remove();
      const theme = this.#value('theme');
      const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme:dark)').matches);
      picture.src = this.#file(`posters/${this.scenario}${dark ? '-dark' : ''}.svg`);
      button.onclick = () => {
        box.remove();
        this.#open();
      };
      this.shadowRoot.append(box);
    }

    async #open() {
      if (this.#frame) return;
      this.#watch[1].disconnect();
      const frame = document.createElement('iframe');
      this.#frame = frame;
      const parameters = new URLSearchParams();
      for (const name of RingMinusOne.observedAttributes)
        if (name !== 'poster' && this.hasAttribute(name)) parameters.set(name, this.getAttribute(name) || '1');
      const src = this.getAttribute('src');
      const source = src ? await (await fetch(src)).text() : this.querySelector('[data-asm]')?.textContent;
      if (source) {
        const machine = {};
        for (const name of ['vmm', 'paging', 'vms', 'cpu', 'costs']) {
          if (parameters.has(name)) machine[name] = parameters.get(name);
          parameters.delete(name);
        }
        parameters.set('s', await pack(source, machine));
      }
      const lang = this.#lang();
      if (lang !== 'en') parameters.set('lang', lang);
      parameters.set('theme', this.#value('theme'));
      parameters.set('id', this.#id);
      frame.title = this.title || `RingMinusOne ${this.scenario}`;
      frame.part = 'frame';
      frame.allow = 'clipboard-write; fullscreen';
      frame.referrerPolicy = 'no-referrer';
      frame.sandbox = 'allow-scripts allow-same-origin allow-popups allow-downloads';
      frame.src = this.#file(`embed/#${parameters}`);
      this.shadowRoot.append(frame);
    }

    #send(message) {
      this.#frame?.contentWindow?.postMessage({ source: 'rm1-host', ...message }, '*');
    }

    #ask(message) {
      const re = serial();
      this.#send({ ...message, re });
      return new Promise((resolve) => this.#questions.set(re, resolve));
    }

    handleEvent({ source, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || data?.source !== 'rm1') return;
      const { type, re, v, id, source: _, ...detail } = data;
      if (re) {
        this.#questions.get(re)?.(detail);
        this.#questions.delete(re);
        return;
      }
      if (type === 'resize') this.#frame.style.height = `${detail.height}px`;
      if (type === 'ready' || type === 'step') this.state = detail;
      if (type === 'ready') {
        this.shadowRoot.querySelector('slot').hidden = true;
        this.#theme();
        this.#begin(detail);
      }
      const echo = type === 'step' && detail.step === this.#asked;
      if (type === 'step') this.#asked = null;
      if (type === 'predict') detail.id = `${detail.kind}@${detail.step}`;
      if (!echo) this.dispatchEvent(new CustomEvent(`rm1-${type}`, { detail, bubbles: true, composed: true }));
    }

    get length() {
      return this.state?.total ?? 0;
    }

    /** Asks, and resolves to the state that came of it. */
    async #move(message, asked) {
      await this.ready;
      this.#asked = asked ?? null;
      return this.#ask(message);
    }

    stepForward(n = 1) {
      return this.#move({ type: 'step', n });
    }

    stepBack(n = 1) {
      return this.#move({ type: 'step', n: -n });
    }

    goTo(step) {
      return this.#move({ type: 'goto', step }, step);
    }

    reset() {
      return this.goTo(0);
    }

    /** To the next VM exit, to a step, or step by step until `wanted(state)`: 10,000 at most. */
    async runTo(wanted) {
      if (wanted === 'exit') return this.#move({ type: 'exit' });
      if (typeof wanted === 'number') return this.goTo(wanted);
      for (let left = 10_000; left--; ) {
        const state = await this.stepForward();
        if (wanted(state) || state.ended) return state;
      }
      return this.state;
    }

    /** SVG as text, or a PNG as a Blob. */
    async exportImage(options) {
      await this.ready;
      const { svg, png, error } = await this.#ask({ type: 'image', ...options });
      if (error) throw new Error(error);
      return png ?? svg;
    }

    async getPermalink() {
      await this.ready;
      return (await this.#ask({ type: 'get' })).link;
    }
  }

  for (const name of NAMES) {
    if (name === 'hash') continue;
    Object.defineProperty(RingMinusOne.prototype, name, {
      get() {
        return name === 'step' ? (this.state?.step ?? Number(this.getAttribute('step'))) : (this.getAttribute(name) ?? '');
      },
      set(value) {
        if (name === 'step' && this.state) this.goTo(value);
        else if (value === false || value == null) this.removeAttribute(name);
        else this.setAttribute(name, value === true ? '' : value);
      },
    });
  }
  customElements.define('ring-minus-one', RingMinusOne);
})();
