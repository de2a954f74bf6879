import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'rolldown/utils';

export const src = fileURLToPath(new URL('../../src', import.meta.url));

export interface Import {
  /** The specifier as written. */
  readonly specifier: string;
  /** The imported file relative to src, without a query; undefined for a package. */
  readonly path: string | undefined;
  readonly typeOnly: boolean;
}

export interface Source {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly folder: string;
  readonly imports: readonly Import[];
  /** Identifiers in the code that are no property names, and `Math.random` and the like as `object.property`. */
  readonly mentions: ReadonlySet<string>;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Files below src with one of these endings, relative to src. */
export function listFiles(endings: readonly string[]): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort();
}

export function countLines(path: string): number {
  return readFileSync(join(src, path), 'utf8').trimEnd().split('\n').length;
}

export function readSource(path: string): Source {
  const text = readFileSync(join(src, path), 'utf8');
  return { path, folder: path.split('/')[0], ...examine(path, text) };
}

/** What one module imports and mentions; comments, strings and property names count for nothing. */
export function examine(path: string, text: string): Pick<Source, 'imports' | 'mentions'> {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const imports: Import[] = [];
  const mentions = new Set<string>();

  const addImport = (source: unknown, typeOnly: boolean) => {
    const specifier = (source as { value?: unknown } | null)?.value;
    if (typeof specifier !== 'string') return;
    const local = specifier.startsWith('.');
    const target = resolve(src, dirname(path), specifier.split('?')[0]);
    imports.push({ specifier, path: local ? relative(src, target).replaceAll('\\', '/') : undefined, typeOnly });
  };

  const visit = (node: Node, key: string, parent: Node | undefined) => {
    switch (node.type) {
      case 'ImportDeclaration':
        addImport(node.source, node.importKind === 'type');
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        addImport(node.source, node.exportKind === 'type');
        break;
      case 'ImportExpression':
        addImport(node.source, false);
        break;
      case 'TSImportType':
        addImport(node.source, true);
        break;
      case 'MemberExpression': {
        const { object, property } = node as unknown as { object: Node; property: Node };
        if (!node.computed && object.type === 'Identifier') mentions.add(`${object.name}.${property.name}`);
        break;
      }
      case 'Identifier':
        if (!isPropertyName(key, parent)) mentions.add(node.name as string);
        break;
    }
    for (const [name, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child === 'object' && typeof child.type === 'string') visit(child, name, node);
      }
    }
  };
  visit(program as unknown as Node, 'program', undefined);
  return { imports, mentions };
}

const named = new Set([
  'Property',
  'PropertyDefinition',
  'MethodDefinition',
  'AccessorProperty',
  'TSPropertySignature',
  'TSMethodSignature',
]);

function isPropertyName(key: string, parent: Node | undefined): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return key === 'property' && !parent.computed;
  if (parent.type === 'TSQualifiedName') return key === 'right';
  return key === 'key' && !parent.computed && !parent.shorthand && named.has(parent.type);
}
