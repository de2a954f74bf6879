import type { Plugin } from 'vitest/config';

export function plainSources(): Promise<Plugin>;
