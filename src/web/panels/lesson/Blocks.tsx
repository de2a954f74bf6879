import { createElement, Fragment, type ReactElement } from 'react';
import type { Block, Inline } from '../../../lessons/lesson.ts';
import { useStageState } from '../../ui/hooks.ts';
import { Noted } from '../../ui/Noted.tsx';

interface BlocksProps {
  readonly blocks: readonly Block[];
  /** What they are written in, where that is known: the page may speak another language. */
  readonly lang: string | undefined;
}

/** The text of a lesson or an exercise. */
export function Blocks({ blocks, lang }: BlocksProps) {
  return written(blocks, (block) => <BlockText block={block} lang={lang} />);
}

/** Text as it is written: its parts never change places, so they need no keys. */
function written<T>(parts: readonly T[], draw: (part: T) => ReactElement): ReactElement {
  return createElement(Fragment, null, ...parts.map(draw));
}

function BlockText({ block, lang }: { readonly block: Block; readonly lang: string | undefined }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p lang={lang}>
          <Line text={block.text} />
        </p>
      );
    case 'list':
      return (
        <ul lang={lang}>
          {written(block.items, (item) => (
            <li>
              <Line text={item} />
            </li>
          ))}
        </ul>
      );
    case 'listing':
      return <pre>{block.text}</pre>;
  }
}

function Line({ text }: { readonly text: readonly Inline[] }) {
  return written(text, (part) => <Stretch part={part} />);
}

function Stretch({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'emphasis':
      return <em>{part.text}</em>;
    case 'strong':
      return <strong>{part.text}</strong>;
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return <a href={new URL(part.to, document.baseURI).href}>{part.text}</a>;
    case 'term':
      return <Term part={part} />;
  }
}

/** A word of the glossary, with what it means. */
function Term({ part: { text, term } }: { readonly part: Extract<Inline, { kind: 'term' }> }) {
  const meaning = useStageState((s) => s.glossary[term]);
  return meaning === undefined ? text : <Noted note={meaning}>{text}</Noted>;
}
