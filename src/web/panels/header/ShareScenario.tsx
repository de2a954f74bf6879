import { useState } from 'react';
import { say } from '../../../lib/say.ts';
import type { Controls } from '../../embed/look.ts';
import { frameLink } from '../../store/frame-link.ts';
import { download } from '../../ui/download.ts';
import { useStage } from '../../ui/hooks.ts';

/** What is on the stage, with what its author says about it, as a file to open, to send, and to grade with. */
export function ShareScenario({ subject, tell }: { readonly subject: string; readonly tell: (text: string) => void }) {
  const { store } = useStage();
  const [title, setTitle] = useState('');
  const [goals, setGoals] = useState('');
  const [asks, setAsks] = useState(false);
  const [controls, setControls] = useState<Controls>('basic');
  const save = async () => {
    const { frame } = store.getState();
    if (!frame) return;
    const { writeScenarioFile } = await import('../../../lessons/scenario-file.ts');
    const name = title.trim() || subject;
    const text = writeScenarioFile(frameLink(frame), {
      title: name,
      objectives: goals
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
      ...(controls !== 'basic' && { controls }),
      ...(asks && { predict: 'on' }),
    });
    download(`${fileName(name)}.scenario.json`, 'application/json', text);
    tell(say`Saved. Lessons, Open a file, opens it again.`);
  };
  return (
    <fieldset className="share-picture share-scenario">
      <legend>{say`As a scenario file`}</legend>
      <label>
        <span>{say`Title`}</span>
        <input type="text" value={title} placeholder={subject} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label>
        <span>{say`Frames allow`}</span>
        <select value={controls} onChange={(event) => setControls(event.currentTarget.value as Controls)}>
          <option value="none">{say`looking only`}</option>
          <option value="step">{say`single steps`}</option>
          <option value="basic">{say`steps and runs`}</option>
          <option value="full">{say`everything`}</option>
        </select>
      </label>
      <label className="share-goals">
        <span>{say`Afterwards one can, a line each`}</span>
        <textarea rows={2} value={goals} onChange={(event) => setGoals(event.currentTarget.value)} />
      </label>
      <label className="share-asks">
        <input type="checkbox" checked={asks} onChange={(event) => setAsks(event.currentTarget.checked)} />
        <span>{say`Ask who runs next`}</span>
      </label>
      <button type="button" className="tool" onClick={save}>
        {say`Save as scenario`}
      </button>
    </fieldset>
  );
}

/** Small letters, digits and dashes. */
function fileName(title: string): string {
  const name = title
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
  return name === '' ? 'scenario' : name;
}
