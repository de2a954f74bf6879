/** Monitors and pagings by their names, as links, files and commands have them. */
export const VMMS = ['none', 'peer', 'trap', 'translate', 'para', 'vtx', 'vtx-vtx', 'svm'] as const;
export const PAGINGS = ['shadow', 'nested'] as const;
