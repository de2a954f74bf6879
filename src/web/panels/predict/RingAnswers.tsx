import { useLayoutEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { say } from '../../../lib/say.ts';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { type AnswerPlace, answerPlaces, nextAnswer } from './model.ts';

interface Ground {
  readonly rings: HTMLElement;
  readonly narration: HTMLElement;
}

/** Where an answer is a place, that place in the ring diagram can be clicked. The list of options is there for whoever cannot see or point. */
export function RingAnswers() {
  const asking = useStageState((s) => s.asking);
  const [ground, setGround] = useState<Ground | null>(null);
  useLayoutEffect(() => {
    const rings = document.querySelector<HTMLElement>('.rings-box');
    const narration = document.querySelector<HTMLElement>('.narration');
    if (rings !== ground?.rings || narration !== ground?.narration) setGround(rings && narration && { rings, narration });
  });
  return asking !== null && ground !== null && asking.options.some(({ hot }) => hot !== null) && <Places {...ground} />;
}

function Places({ rings: box, narration }: Ground) {
  const { controller } = useStage();
  const options = useStageState((s) => s.asking?.options ?? []);
  const rings = useStageState((s) => s.frame?.view.rings ?? null);
  const chosen = useStageState((s) => s.chosen);
  const [pointed, setPointed] = useState<string | null>(null);
  const size = useSize(useMemo(() => ({ current: box }), [box]));
  const places = useMemo(() => (rings ? answerPlaces(options, rings, size) : []), [options, rings, size]);
  const answer = (place: AnswerPlace) => {
    const { id } = nextAnswer(place, chosen);
    controller.choose(id);
    setPointed(id);
  };
  const here = pointed !== null && pointed === chosen ? places.find((place) => place.options.some(({ id }) => id === chosen)) : undefined;
  const said = here?.options.find(({ id }) => id === chosen);
  const other = here && nextAnswer(here, chosen);
  return (
    <>
      {createPortal(
        <svg className="ring-answers" width={size.width} height={size.height} aria-hidden="true" data-testid="ring-answers">
          {places.map((place) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the options say the same to the keyboard and the ear
            <path
              key={place.path}
              d={place.path}
              className={place.options.some(({ id }) => id === chosen) ? 'chosen' : undefined}
              onClick={() => answer(place)}
            >
              <title>{place.options.map(({ title }) => title).join(' · ')}</title>
            </path>
          ))}
        </svg>,
        box,
      )}
      {said &&
        other &&
        createPortal(
          <p className="ring-answer">
            {say`Your answer: ${said.title}.`} {other !== said && say`Once more for: ${other.title}.`}
          </p>,
          narration,
        )}
    </>
  );
}
