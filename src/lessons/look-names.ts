/** What an embed can show and allow, by the names of its parameters. */
export const PANELS = ['rings', 'code', 'regs', 'exits', 'mem', 'walk', 'vmcs', 'timeline', 'console', 'text'] as const;
export const CONTROLS = ['none', 'step', 'basic', 'full'] as const;
export const PREDICTS = ['off', 'on', 'always'] as const;
