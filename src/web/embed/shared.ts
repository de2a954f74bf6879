/** What embed.js lends to more.js, so that the two draw into one tree: scripts/embed.mjs has the other end. */
import { createElement, Fragment, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Fragment as JsxFragment, jsx, jsxs } from 'react/jsx-runtime';
import { useStore } from 'zustand';
import * as gutter from '../../figures/gutter.ts';
import * as rings from '../../figures/rings.ts';
import * as stream from '../../figures/stream-lines.ts';
import * as say from '../../lib/say.ts';
import * as hooks from '../ui/hooks.ts';

export function share(): void {
  Object.assign(globalThis, {
    rm1Shared: {
      react: { createElement, Fragment, memo, useEffect, useLayoutEffect, useMemo, useRef, useState },
      jsx: { Fragment: JsxFragment, jsx, jsxs },
      zustand: { useStore },
      hooks,
      say,
      gutter,
      rings,
      stream,
    },
  });
}
