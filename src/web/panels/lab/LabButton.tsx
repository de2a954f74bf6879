import { useRef, useState } from 'react';
import { say } from '../../../lib/say.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { useStage } from '../../ui/hooks.ts';
import { Late, LateScript } from '../../ui/late.tsx';

const rooms = new LateScript(() => import('./Rooms.tsx'));

/** Opens the lab, whose page and machine come only then. */
export function LabButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const { connect } = useStage();
  if (!connect) return null;
  return (
    <>
      <button
        type="button"
        className="tool"
        onClick={() => {
          setOpen(true);
          dialog.current?.showModal();
        }}
      >
        {say`Lab`}
      </button>
      <dialog ref={dialog} className="lab" aria-labelledby="lab-title" data-keys="own" onClose={() => setOpen(false)}>
        <h2 id="lab-title">{say`The lab`}</h2>
        {open && (
          <Late
            of={rooms}
            wanted
            meanwhile={<p role="status">{say`Opening the lab`}</p>}
            draw={({ Rooms }) => <Rooms connect={connect} close={() => dialog.current?.close()} />}
          />
        )}
        <DialogEnd />
      </dialog>
    </>
  );
}
