import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { count } from '../../../figures/words.ts';
import { LONG_LINK, LONGEST_LINK, printLink } from '../../app/link.ts';
import { frameLink } from '../../store/frame-link.ts';
import { download } from '../../ui/download.ts';
import { useStage } from '../../ui/hooks.ts';

/** The link to this very step, to copy by button or by hand. */
export function ShareDialog({ ref }: { readonly ref: Ref<Pick<HTMLDialogElement, 'showModal'>> }) {
  const { store } = useStage();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [link, setLink] = useState('');
  const [said, setSaid] = useState('');
  useImperativeHandle(ref, () => ({
    showModal() {
      const { frame } = store.getState();
      const hash = frame ? printLink(frameLink(frame)) : '';
      setLink(`${location.href.replace(/#.*$/, '')}${hash}`);
      setSaid('');
      dialog.current?.showModal();
      requestAnimationFrame(() => field.current?.select());
    },
  }));
  const downloadProgram = () => download('program.asm', 'text/plain', store.getState().frame?.source ?? '');
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setSaid('Copied.');
    } catch {
      setSaid('The browser refuses to copy: the link is selected, copy it by hand.');
    }
  };
  return (
    <dialog ref={dialog} className="share" aria-labelledby="share-title" data-keys="own">
      <h2 id="share-title">Share this step</h2>
      <p>Whoever opens this link sees the same machine at the same step.</p>
      <div className="share-row">
        <input ref={field} type="text" readOnly value={link} aria-label="Link" onFocus={(event) => event.currentTarget.select()} />
        <button type="button" className="tb main" onClick={copy}>
          Copy link
        </button>
      </div>
      {link.length > LONG_LINK && (
        <p className="share-long">
          The link has {count(link.length)} characters, and some chats cut links of more than {count(LONG_LINK)}.
          {link.length > LONGEST_LINK && (
            <>
              {' '}
              <button type="button" className="tool" onClick={downloadProgram}>
                Download the program instead
              </button>
            </>
          )}
        </p>
      )}
      <p role="status" className="share-said">
        {said}
      </p>
      <form method="dialog">
        <button type="submit" className="tool">
          Close
        </button>
      </form>
    </dialog>
  );
}
