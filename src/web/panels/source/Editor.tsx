/** The editor itself: loaded only when a source is opened. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  WidgetType,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { say } from '../../../lib/say.ts';
import { assembly } from './assembly.ts';
import type { Spot } from './model.ts';

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', backgroundColor: 'transparent', color: 'var(--rm-ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--rm-mono)', lineHeight: '20px', scrollbarWidth: 'thin' },
  '.cm-gutters': { backgroundColor: 'var(--rm-sunk)', border: 'none', color: 'var(--rm-ink-3)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--rm-select)' },
  '.cm-cursor': { borderLeftColor: 'var(--rm-ink)', borderLeftWidth: '2px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--rm-edge) !important', opacity: '0.35' },
  '.cm-wrong': { textDecoration: 'underline wavy var(--rm-ink)', textUnderlineOffset: '4px' },
  '.cm-message': { fontFamily: 'var(--rm-sans)', padding: '2px 8px 4px 44px' },
  '.cm-message b': { fontWeight: '600' },
  '.cm-here': { boxShadow: 'inset 3px 0 0 var(--rm-ink)' },
});

const ink = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: 'var(--rm-ink-3)' },
    { tag: tags.operatorKeyword, fontWeight: '600' },
    { tag: tags.keyword, color: 'var(--rm-ink-2)', fontStyle: 'italic' },
    { tag: tags.labelName, textDecoration: 'underline', textDecorationColor: 'var(--rm-edge)', textUnderlineOffset: '3px' },
  ]),
);

class Message extends WidgetType {
  private readonly spot: Spot;
  constructor(spot: Spot) {
    super();
    this.spot = spot;
  }
  override eq(other: Message): boolean {
    return other.spot.message === this.spot.message && other.spot.hint === this.spot.hint;
  }
  toDOM(): HTMLElement {
    const element = document.createElement('div');
    element.className = 'cm-message';
    const what = document.createElement('b');
    what.textContent = this.spot.message;
    element.append(what, this.spot.hint ? `; ${this.spot.hint}` : '');
    return element;
  }
}

interface Marks {
  readonly errors: readonly Spot[];
  /** The line the processor stands at; 0 for none. */
  readonly line: number;
}

const setMarks = StateEffect.define<Marks>();

function decorate(state: EditorState, { errors, line }: Marks): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const lines = new Map<number, Spot[]>();
  for (const spot of errors)
    if (spot.line >= 1 && spot.line <= state.doc.lines) lines.set(spot.line, [...(lines.get(spot.line) ?? []), spot]);
  const numbers = new Set([...lines.keys(), ...(line >= 1 && line <= state.doc.lines ? [line] : [])]);
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const { from, to } = state.doc.line(number);
    if (number === line) builder.add(from, from, Decoration.line({ class: 'cm-here' }));
    const spots = lines.get(number) ?? [];
    const first = spots[0];
    if (first && to > from) builder.add(Math.min(to - 1, from + Math.max(0, first.column - 1)), to, Decoration.mark({ class: 'cm-wrong' }));
    for (const spot of spots) builder.add(to, to, Decoration.widget({ widget: new Message(spot), block: true, side: 1 }));
  }
  return builder.finish();
}

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = decorate(transaction.state, effect.value);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

interface EditorProps extends Marks {
  /** The line to keep in sight; null is the one the processor stands at. */
  readonly sight: number | null;
  readonly path: string;
  readonly text: string;
  /** The text is the reader's; if not, the editor follows when it changes. */
  readonly drafted: boolean;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** The line of the cursor, from 1. */
  readonly onLine: (line: number) => void;
}

/** One file. Another path is another document. */
export function Editor({ path, text, drafted, errors, line, sight, onChange, onRun, onLine }: EditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const acts = useRef({ onChange, onRun, onLine });
  acts.current = { onChange, onRun, onLine };
  const following = useRef(false);
  const first = useRef(text);
  first.current = text;
  useEffect(() => {
    if (!box.current) return;
    const run = () => {
      acts.current.onRun();
      return true;
    };
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          assembly,
          ink,
          look,
          marks,
          EditorState.tabSize.of(8),
          EditorView.contentAttributes.of({ 'aria-label': say`Source of ${path}`, tabindex: '0' }),
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Escape', run: leave },
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !following.current) acts.current.onChange(update.state.doc.toString());
            if (update.selectionSet) acts.current.onLine(update.state.doc.lineAt(update.state.selection.main.head).number);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [path]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || drafted || editor.state.doc.toString() === text) return;
    following.current = true;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    following.current = false;
    if (sight !== null) show(editor, sight);
  }, [text, drafted, sight]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const target = errors[0]?.line ?? sight ?? line;
    editor.dispatch({ effects: setMarks.of({ errors, line }) });
    if (errors.length > 0 || !editor.hasFocus) show(editor, target);
  }, [errors, line, sight]);
  return <div className="editor" ref={box} data-keys="own" />;
}

/** Brings a line into the middle of the editor, and leaves the page around it where it is. */
function show(editor: EditorView, number: number): void {
  if (number < 1 || number > editor.state.doc.lines) return;
  const { from } = editor.state.doc.line(number);
  editor.requestMeasure({
    read: () => editor.lineBlockAt(Math.min(from, editor.state.doc.length)).top - editor.scrollDOM.clientHeight / 2,
    write: (top) => {
      editor.scrollDOM.scrollTo({ top, left: 0 });
    },
  });
}

/** Tab writes a tab in here, so Escape is the way out for a keyboard. */
function leave(editor: EditorView): boolean {
  editor.contentDOM.blur();
  return true;
}
