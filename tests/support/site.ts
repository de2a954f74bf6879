import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

async function findFile(folder: string, path: string): Promise<string | undefined> {
  const file = join(folder, normalize(path));
  if (file !== folder && !file.startsWith(folder.endsWith('/') ? folder : `${folder}/`)) return undefined;
  const status = await stat(file).catch(() => undefined);
  if (status?.isFile()) return file;
  const index = join(file, 'index.html');
  return status?.isDirectory() && (await stat(index).catch(() => undefined))?.isFile() ? index : undefined;
}

/** Serves a folder of static files on loopback, each answer with these headers. */
export async function serveFolder(folder: string, headers: Record<string, string> = {}): Promise<Site> {
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = await findFile(folder, decodeURIComponent(pathname));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', ...headers });
    response.end(await readFile(file));
  });
  return listen(server);
}

/** Serves pages from their text by path, as a site of somebody else. */
export async function servePages(pages: Readonly<Record<string, string>>): Promise<Site> {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url ?? '/', 'http://localhost').pathname];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': types['.html'] }).end(page);
  });
  return listen(server);
}

async function listen(server: Server): Promise<Site> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
