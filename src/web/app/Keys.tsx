import { useEffect, useRef } from 'react';
import { say, told } from '../../lib/say.ts';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { useStage, useStageState } from '../ui/hooks.ts';
import { KEY_LIST } from './key-list.ts';

/** What the keys do, and whether they do it. */
export function Keys() {
  const { controller } = useStage();
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = useStageState((s) => s.keysShown);
  useEffect(() => {
    if (shown) dialog.current?.showModal();
  }, [shown]);
  const on = useStageState((s) => s.keysOn);
  return (
    <dialog
      ref={dialog}
      className="keys"
      onClose={() => controller.showKeys(false)}
      aria-labelledby="keys-title"
      data-keys="own"
      data-testid="keys"
    >
      <h2 id="keys-title">{say`Keys`}</h2>
      <p>{say`They act while the focus is on the stage and not in a field.`}</p>
      <dl>
        {KEY_LIST.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{told(key)}</kbd>
              ))}
            </dt>
            <dd>{told(does)}</dd>
          </div>
        ))}
      </dl>
      <label className="keys-on">
        <input type="checkbox" checked={on} onChange={(event) => controller.setKeys(event.currentTarget.checked)} /> {say`Single keys act`}
      </label>
      <DialogEnd />
    </dialog>
  );
}
