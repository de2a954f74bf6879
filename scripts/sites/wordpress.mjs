/** A WordPress with a database of its own, for as long as it is looked at. */
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { freePort, started } from './generators.mjs';
import { TEXT } from './words.mjs';

const NEEDS = {
  wordpress: '/usr/share/wordpress/wp-load.php',
  'wordpress-theme-twentytwentythree': '/usr/share/wordpress/wp-content/themes/twentytwentythree/theme.json',
  'php-cli': 'php',
  'php-mysql': '/usr/share/php8.2-mysql/mysql/mysqli.ini',
  'mariadb-server': '/usr/sbin/mariadbd',
};

const answers = (where) =>
  new Promise((resolve) => {
    const socket = createConnection(where, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/**
 * Writes what `trial` says as an administrator, as an author, and as a link; gives the site's address, the address of each post by its name
 * (scripts/sites/wordpress/pages.php has them), and how to end it.
 */
async function opened({ write, run, at }, trial) {
  for (const name of ['www', 'data']) rmSync(at(name), { recursive: true, force: true });
  cpSync('/usr/share/wordpress', at('www'), { recursive: true, dereference: true });
  mkdirSync(at('www/wp-content/mu-plugins'));
  const ours = (name) => join(root, 'scripts/sites/wordpress', name);
  copyFileSync(ours('wp-config.php'), at('www/wp-config.php'));
  copyFileSync(ours('loopback.php'), at('www/wp-content/mu-plugins/loopback.php'));
  copyFileSync(ours('pages.php'), at('pages.php'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const socket = at('socket');
  write('trial.json', JSON.stringify({ ...trial, home: origin, socket }));
  const database = ['--no-defaults', '--user=root', `--datadir=${at('data')}`];
  await run('mariadb-install-db', ...database, '--auth-root-authentication-method=normal', '--skip-test-db');
  const ends = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    ends.push(await started(at('.'), () => answers(socket), '/usr/sbin/mariadbd', ...database, '--skip-networking', `--socket=${socket}`));
    await run('mysql', '--no-defaults', '--user=root', `--socket=${socket}`, '--execute=create database wordpress');
    const posts = JSON.parse(await run('php', 'pages.php'));
    ends.push(await started(at('www'), () => answers(port), 'php', '-S', `127.0.0.1:${port}`));
    return { origin, pages: Object.fromEntries(Object.entries(posts).map(([name, number]) => [name, `/?p=${number}`])), close };
  } catch (error) {
    await close();
    throw error;
  }
}

export const wordpress = {
  debian: NEEDS,
  async build(site) {
    const { pages, ...open } = await opened(site, { ...TEXT, snippet: site.snippets.wordpress, link: `${site.base}scenarios/first-exit/` });
    return {
      ...open,
      pages: {
        wordpress: { path: pages.teacher, pictures: ['light'] },
        'wordpress, by an author who may paste no frames': { path: pages.student, frameless: true },
        'wordpress, from a link': { path: pages.link, step: null, sandbox: 'allow-scripts' },
      },
    };
  },
};
