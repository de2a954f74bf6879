import { createContext, type RefObject, useContext, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Client } from '../../worker/protocol.ts';
import type { Controller } from '../store/controller.ts';
import type { StageState, StageStore } from '../store/store.ts';
import { scaleOf } from './scaled.ts';

export interface Stage {
  readonly store: StageStore;
  readonly controller: Controller;
  /** Another machine, for what runs beside the stage; absent in frames. */
  readonly connect?: () => Client;
  /** Opens a lesson, a scenario or a program from the reader's disk; absent in frames. */
  readonly openFile?: (file: File) => void;
}

export const StageContext = createContext<Stage | null>(null);

/** The store and what can be asked of it. */
export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error('outside of a stage');
  return stage;
}

/** A part of the state; the component draws again when that part is another one. */
export function useStageState<T>(select: (state: StageState) => T): T {
  return useStore(useStage().store, select);
}

/** The size of an element, before the first paint and whenever it changes. */
export function useSize(ref: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const take = (width: number, height: number) =>
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    const box = element.getBoundingClientRect();
    const scale = scaleOf(element);
    take(Math.floor(box.width / scale), Math.floor(box.height / scale));
    const observer = new ResizeObserver(([entry]) => {
      if (entry) take(Math.floor(entry.contentRect.width), Math.floor(entry.contentRect.height));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** Which arrangement of panels fits the window. */
export type Layout = 'wide' | 'medium' | 'narrow' | 'compact' | 'phone';

/** @param scale by how much everything is larger than usual */
export function useLayout(scale = 1): Layout {
  const px = (size: number) => `${Math.round(size * scale)}px`;
  const wide = useMedia(`(min-width: ${px(1200)})`);
  const medium = useMedia(`(min-width: ${px(900)})`);
  const phone = useMedia(`(max-width: ${px(559)})`);
  const low = useMedia(`(max-height: ${px(520)})`);
  if (phone) return 'phone';
  if (low && !medium) return 'compact';
  if (wide) return 'wide';
  return medium ? 'medium' : 'narrow';
}
