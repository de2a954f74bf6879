/** The course platforms that are not to be had here: their markup, around what their own purifiers leave of the snippet. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { html, TEXT } from './words.mjs';

/** As a platform shows it to its readers. */
const shown = (around, inside) => html(around.replace('CONTENT', `<p>${TEXT.before}</p>\n${inside}\n<p>${TEXT.after}</p>`));

/** Debian 12 has an HTML Purifier older than its PHP, which has since lost `$text{0}`. */
const OLD_INDEX = ['TagTransform/Font.php', 'Encoder.php', 'ChildDef/Custom.php'];

export const moodle = {
  debian: { 'php-cli': 'php', 'php-htmlpurifier': '/usr/share/php/HTMLPurifier.auto.php' },
  async build({ write, at, run, snippets }) {
    for (const name of readdirSync('/usr/share/php').filter((one) => one.startsWith('HTMLPurifier')))
      cpSync(join('/usr/share/php', name), at(name), { recursive: true, filter: (from) => !from.endsWith('/Serializer') });
    for (const name of OLD_INDEX)
      write(`HTMLPurifier/${name}`, readFileSync(at(`HTMLPurifier/${name}`), 'utf8').replace(/([\]\w])\{(0|\$i)\}/g, '$1[$2]'));
    const around = '<div role="main"><div class="box generalbox"><div class="no-overflow">CONTENT</div></div></div>';
    write('snippet.html', snippets.moodle);
    write('out/index.html', shown(around, snippets.moodle));
    const left = await run(
      'php',
      '-d',
      'error_reporting=E_ERROR',
      '-d',
      'include_path=.',
      join(root, 'scripts/sites/moodle.php'),
      'snippet.html',
    );
    write('out/forum/index.html', shown(around, left));
    return { out: 'out', pages: { moodle: { path: '/' }, 'moodle, purified': { path: '/forum/', frameless: true } } };
  },
};

export const canvas = {
  debian: { 'ruby-sanitize': '/usr/share/rubygems-integration/all/gems/sanitize-6.0.0/lib/sanitize.rb' },
  async build({ write, run, snippets }) {
    write('snippet.html', snippets.canvas);
    const left = await run('ruby', join(root, 'scripts/sites/canvas.rb'), 'snippet.html');
    if (!left.includes('sandbox=')) throw new Error(`its sandbox is gone: ${left}`);
    write('out/index.html', shown('<div id="wiki_page_show"><div class="show-content user_content enhanced">CONTENT</div></div>', left));
    return { out: 'out', pages: { canvas: { path: '/' } } };
  },
};
