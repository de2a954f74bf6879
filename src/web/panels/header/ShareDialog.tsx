import { type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { count } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import { LONG_LINK, LONGEST_LINK, printLink } from '../../app/link.ts';
import { frameLink } from '../../store/frame-link.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { download } from '../../ui/download.ts';
import { useStage } from '../../ui/hooks.ts';
import { SharePicture } from './SharePicture.tsx';
import { ShareScenario } from './ShareScenario.tsx';
import { type Shared, snippets } from './snippets.ts';

const NOTHING: Shared = { base: '', hash: '', lang: 'en', subject: '', title: '', picture: '' };

/** This very step for others: as a link, in their pages, as a picture. */
export function ShareDialog({ ref }: { readonly ref: Ref<Pick<HTMLDialogElement, 'showModal'>> }) {
  const { store } = useStage();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [shared, setShared] = useState(NOTHING);
  const [kind, setKind] = useState('link');
  const [said, setSaid] = useState('');
  useImperativeHandle(ref, () => ({
    showModal() {
      const state = store.getState();
      const { frame, scenarios, language } = state;
      const name = frame === null || frame.source !== null ? 'program' : frame.scenario;
      const subject = scenarios.find(({ id }) => id === name)?.title ?? say`A program`;
      setShared({
        base: location.href.replace(/[?#].*$/, '').replace(/index\.html$/, ''),
        hash: frame ? printLink(frameLink(frame)) : '',
        lang: language,
        subject,
        title: say`${subject}, step ${count(frame?.view.n ?? 0)}`,
        picture: `${name}-${frame?.view.n ?? 0}.svg`,
      });
      setSaid('');
      dialog.current?.showModal();
      requestAnimationFrame(() => field.current?.select());
    },
  }));
  const all = useMemo(() => snippets(shared), [shared]);
  const offered = location.protocol === 'file:' ? all.slice(0, 1) : all;
  const chosen = offered.find(({ id }) => id === kind) ?? offered[0]!;
  const { length } = shared.base + shared.hash;
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(chosen.text);
      setSaid(say`Copied.`);
    } catch {
      setSaid(say`The browser refuses to copy: the text is selected, copy it by hand.`);
    }
  };
  const printIt = () => {
    dialog.current?.close();
    print();
  };
  return (
    <dialog ref={dialog} className="share" aria-labelledby="share-title" data-keys="own">
      <h2 id="share-title">{say`Share this step`}</h2>
      {offered.length > 1 && (
        <label className="share-kind">
          <span>{say`As`}</span>
          <select value={chosen.id} onChange={(event) => setKind(event.currentTarget.value)}>
            {offered.map(({ id, name }) => (
              <option key={id} value={id}>
                {told(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="share-row">
        <textarea
          ref={field}
          readOnly
          rows={chosen.id === 'link' ? 2 : 7}
          value={chosen.text}
          aria-label={told(chosen.name)}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" className="tb main" onClick={copy}>
          {said === say`Copied.` ? said : chosen.id === 'link' ? say`Copy link` : say`Copy`}
        </button>
      </div>
      <p>{told(chosen.note)}</p>
      {length > LONG_LINK && (
        <p className="share-long">
          {say`The link has ${count(length)} characters, and some chats cut links of more than ${count(LONG_LINK)}.`}
        </p>
      )}
      {length > LONGEST_LINK && <Instead source={store.getState().frame?.source ?? null} />}
      <SharePicture shared={shared} tell={setSaid} />
      <ShareScenario subject={shared.subject} tell={setSaid} />
      <p role="status" className="share-said">
        {said}
      </p>
      <div className="share-end">
        <button type="button" className="tool" onClick={printIt}>
          {say`Print this step`}
        </button>
        <DialogEnd />
      </div>
    </dialog>
  );
}

/** What to send in place of a link that is too long: a program as it is, a changed scenario as a scenario file. */
function Instead({ source }: { readonly source: string | null }) {
  if (source === null) return <p className="share-long">{say`Better send it as a scenario file, from below.`}</p>;
  return (
    <button type="button" className="tool" onClick={() => download('program.asm', 'text/plain', source)}>
      {say`Download the program instead`}
    </button>
  );
}
