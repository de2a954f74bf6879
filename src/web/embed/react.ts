/**
 * React under its name, as far as the panels of an embed use it, on Preact: scripts/embed.mjs puts it in React's place. preact/compat
 * would do as well, and weigh three times as much.
 */
import { type ComponentChild, type ComponentType, createElement, options, render } from 'preact';
import { useCallback, useDebugValue, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export { createContext, createElement, Fragment } from 'preact';
export {
  useCallback,
  useContext,
  useDebugValue,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'preact/hooks';

type Properties = Record<string, unknown>;

const differs = (a: Properties, b: Properties): boolean => {
  for (const name in a) if (!(name in b)) return true;
  for (const name in b) if (a[name] !== b[name]) return true;
  return false;
};

export function memo(component: ComponentType<Properties>): ComponentType<Properties> {
  return function memoized(this: { props: Properties; shouldComponentUpdate?: (next: Properties) => boolean }, properties: Properties) {
    this.shouldComponentUpdate = function (next) {
      return differs(this.props, next);
    };
    return createElement(component, properties);
  } as unknown as ComponentType<Properties>;
}

/** What is drawn is drawn from `snapshot`, again whenever it has become another value. */
export function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, snapshot: () => T): T {
  const value = snapshot();
  const drawn = useRef({ value, snapshot });
  const [, draw] = useState({});
  const again = useCallback(() => {
    if (!Object.is(drawn.current.value, drawn.current.snapshot())) draw({});
  }, []);
  useLayoutEffect(() => {
    drawn.current = { value, snapshot };
    again();
  }, [value, snapshot, again]);
  useEffect(() => {
    again();
    return subscribe(again);
  }, [subscribe, again]);
  return value;
}

export const createRoot = (container: Element) => ({ render: (root: ComponentChild) => render(root, container) });

/* What React calls differently from the DOM, in elements. */
const PRESENTATION = /^(clip|dominant|fill|font|letter|marker|paint|pointer|stop|stroke|text|vector|word)[A-Z]/;
const UNITLESS = /^(--.*|flex|fontWeight|lineHeight|opacity|order|zIndex|zoom)$/;

function asTheDomHasIt(type: string, given: Properties): Properties {
  const properties: Properties = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'style' && typeof value === 'object' && value !== null) {
      const sized = Object.entries(value).map(([key, size]) => [key, typeof size === 'number' && !UNITLESS.test(key) ? `${size}px` : size]);
      properties.style = Object.fromEntries(sized);
    } else if (name === 'onChange' && type === 'input' && given.type !== 'checkbox' && given.type !== 'radio') properties.onInput = value;
    else properties[PRESENTATION.test(name) ? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : name] = value;
  }
  return properties;
}

const before = options.vnode;
options.vnode = (vnode) => {
  if (typeof vnode.type === 'string') vnode.props = asTheDomHasIt(vnode.type, vnode.props as Properties) as typeof vnode.props;
  before?.(vnode);
};

/** What zustand takes. */
export default { useCallback, useDebugValue, useSyncExternalStore };
