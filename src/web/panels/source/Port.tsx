import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { say } from '../../../lib/say.ts';
import type { PortedSource, PortLine, PortPart, SourceFile } from '../../../session/views.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { countsOf, folded, mostTold, type Ported, portedOf, portSentence } from './port.ts';

interface PortProps {
  readonly ref: Ref<Pick<HTMLDialogElement, 'showModal'>>;
  readonly files: readonly SourceFile[];
  /** The file that is open beside it. */
  readonly path: string;
}

/** What was changed of a kernel so that it runs under a monitor that it knows: old lines beside new ones, and why. */
export function Port({ ref, files, path }: PortProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  useImperativeHandle(ref, () => ({
    showModal() {
      setChosen(null);
      dialog.current?.showModal();
    },
  }));
  const ported = portedOf(files);
  const found = ported.find((one) => one.path === (chosen ?? path) && one.port.parts.length > 0) ?? mostTold(ported);
  return (
    <dialog ref={dialog} className="port" aria-labelledby="port-title" data-keys="own" data-testid="port">
      <div className="port-top">
        <h2 id="port-title">{say`The port, line by line`}</h2>
        <DialogEnd />
      </div>
      <p>{portSentence(ported)}</p>
      <ul className="port-files">
        {ported.map((one) => (
          <li key={one.path}>
            <FileButton one={one} shown={one === found} onChoose={setChosen} />
          </li>
        ))}
      </ul>
      {found && <Parts key={found.path} path={found.path} port={found.port} />}
    </dialog>
  );
}

interface FileButtonProps {
  readonly one: Ported;
  readonly shown: boolean;
  readonly onChoose: (path: string) => void;
}

function FileButton({ one, shown, onChoose }: FileButtonProps) {
  const text = (
    <>
      <b>{one.name}</b> <span>{countsOf(one.port)}</span>
    </>
  );
  if (one.port.parts.length === 0) return <span className="port-file same">{text}</span>;
  return (
    <button type="button" className="port-file" aria-pressed={shown} onClick={() => onChoose(one.path)}>
      {text}
    </button>
  );
}

function Parts({ path, port }: { readonly path: string; readonly port: PortedSource }) {
  return (
    <section className="port-parts" aria-label={port.from === '' ? path : say`${port.from} and ${path}`}>
      <div className="port-pair port-names" aria-hidden="true">
        <span>{port.from === '' ? say`new` : port.from}</span>
        <span>{path}</span>
      </div>
      {port.parts.map((part) =>
        part.alike ? <Alike key={`=${part.now[0]?.line}`} part={part} /> : <Change key={keyOf(part)} part={part} />,
      )}
    </section>
  );
}

const keyOf = ({ old, now }: PortPart): string => `${old[0]?.line}-${now[0]?.line}`;

function Alike({ part }: { readonly part: PortPart }) {
  const [open, setOpen] = useState(false);
  const { before, hidden, after } = folded(part.now);
  if (open || hidden === 0) return <Lines lines={part.now} label="" mark=" " />;
  return (
    <>
      <Lines lines={before} label="" mark=" " />
      <button type="button" className="quiet port-more" onClick={() => setOpen(true)}>
        {say`${hidden} lines the same`}
      </button>
      <Lines lines={after} label="" mark=" " />
    </>
  );
}

function Change({ part }: { readonly part: PortPart }) {
  return (
    <div className="port-change">
      {part.why !== '' && <p className="port-why">{part.why}</p>}
      <div className="port-pair">
        <Lines lines={part.old} label={say`before: `} mark="−" />
        <Lines lines={part.now} label={say`now: `} mark="+" />
      </div>
    </div>
  );
}

interface LinesProps {
  readonly lines: readonly PortLine[];
  readonly label: string;
  readonly mark: string;
}

function Lines({ lines, label, mark }: LinesProps) {
  if (lines.length === 0) return <div className="port-lines none" />;
  return (
    <pre className="port-lines">
      {label !== '' && <span className="hidden">{label}</span>}
      {lines.map(({ line, text }) => (
        <span key={line}>
          <i aria-hidden="true">
            {line}
            {mark}
          </i>
          {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
