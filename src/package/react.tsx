/** `<RingMinusOne scenario="first-exit" step={612} />` for React 18 and 19, and for MDX: the element, loaded in the browser only. */
import { createElement, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { EmbedEvents, RingMinusOneElement } from './element.ts';

type Detail<Name extends keyof EmbedEvents> = EmbedEvents[Name]['detail'];

export interface RingMinusOneProps {
  /** Where the built site lies: the folder of ringminusone.js. Default: /ringminusone/ on this site. */
  readonly base?: string;
  /** A lesson, by its name or the path of its file, and its page, from 1; in place of a scenario. */
  readonly lesson?: string;
  readonly page?: number;
  readonly scenario?: string;
  readonly vmm?: string;
  readonly paging?: 'shadow' | 'nested';
  readonly vms?: number;
  readonly cpu?: string;
  readonly costs?: string;
  readonly step?: number;
  /** `exit:3` */
  readonly event?: string;
  /** With commas between, in their order. */
  readonly panels?: string;
  readonly controls?: 'none' | 'step' | 'basic' | 'full';
  readonly predict?: 'off' | 'on' | 'always';
  readonly readonly?: boolean;
  readonly theme?: 'auto' | 'light' | 'dark' | 'contrast';
  readonly motion?: 'auto' | 'full' | 'reduced' | 'none';
  readonly numbers?: 'hex' | 'dec' | 'bin';
  readonly scale?: number;
  /** Default: that of the page around it. */
  readonly lang?: string;
  readonly autoplay?: boolean;
  readonly loop?: boolean;
  readonly speed?: number;
  readonly poster?: 'live' | 'static';
  /** Names the frame. */
  readonly title?: string;
  readonly className?: string;
  /** A program in assembly, in place of a scenario. */
  readonly program?: string;
  /** Shown until the machine is ready, and where no script runs. */
  readonly children?: ReactNode;
  readonly ref?: Ref<RingMinusOneElement | null>;
  readonly onReady?: (detail: Detail<'rm1-ready'>) => void;
  readonly onStep?: (detail: Detail<'rm1-step'>) => void;
  readonly onExit?: (detail: Detail<'rm1-exit'>) => void;
  readonly onPredict?: (detail: Detail<'rm1-predict'>) => void;
  readonly onComplete?: (detail: Detail<'rm1-complete'>) => void;
  readonly onError?: (detail: Detail<'rm1-error'>) => void;
}

/** A bundler puts the element's module anywhere, so its own address tells nothing. */
const HOME = '/ringminusone/';

const EVENTS = {
  onReady: 'rm1-ready',
  onStep: 'rm1-step',
  onExit: 'rm1-exit',
  onPredict: 'rm1-predict',
  onComplete: 'rm1-complete',
  onError: 'rm1-error',
} as const;

/** An attribute as both versions of React write it: a switch that is off is absent. */
const attribute = (value: unknown): string | undefined =>
  value === undefined || value === false ? undefined : value === true ? '' : String(value);

/** The embed as a component. Where it is rendered on a server, what it holds is the page's text. */
export function RingMinusOne({ children, program, className, ref, base = HOME, ...rest }: RingMinusOneProps) {
  const given = { base, ...rest };
  const element = useRef<RingMinusOneElement>(null);
  useImperativeHandle<RingMinusOneElement | null, RingMinusOneElement | null>(ref, () => element.current, []);
  const listeners = useRef(given);
  listeners.current = given;
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const tell = Object.entries(EVENTS).map(([property, event]) => {
      const listener = ({ detail }: Event & { detail?: never }) => listeners.current[property as keyof typeof EVENTS]?.(detail as never);
      current.addEventListener(event, listener);
      return () => current.removeEventListener(event, listener);
    });
    // @ts-expect-error: beside this module in the package
    void import('./element.mjs');
    return () => {
      for (const stop of tell) stop();
    };
  }, []);
  const attributes = Object.entries(given).flatMap(([name, value]) => (Object.hasOwn(EVENTS, name) ? [] : [[name, attribute(value)]]));
  const held = program === undefined ? children : [createElement('pre', { key: 'program', 'data-asm': '' }, program), children];
  return createElement('ring-minus-one', { ...Object.fromEntries(attributes), class: className, ref: element }, held);
}
