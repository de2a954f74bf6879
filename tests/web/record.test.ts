import { expect, test } from 'vitest';
import { completion, keepAnswers } from '../../src/web/embed/record.ts';
import { createStageStore, type Frame, type StageState } from '../../src/web/store/store.ts';

const frame = (over: Partial<Frame> = {}) =>
  ({ scenario: 'first-exit', source: null, vmm: 'vtx', view: { paging: 'shadow' }, ...over }) as unknown as Frame;
const outcome = (n: number, chosen: string | null, answer: string) =>
  ({ question: { n, answer }, chosen }) as unknown as StageState['outcome'];

test('first answers are kept by step, of one machine at a time', () => {
  const store = createStageStore();
  const answers = keepAnswers(store);
  store.setState({ frame: frame() });
  store.setState({ outcome: outcome(640, 'same', '0') });
  store.setState({ outcome: outcome(612, 'm', 'm') });
  store.setState({ outcome: outcome(640, '0', '0') });
  store.setState({ outcome: outcome(650, null, '0') });
  expect(completion(answers.getState(), frame())).toEqual({
    score: 1,
    max: 2,
    record: 'rm1-record v=1 first-exit vtx/shadow 1/2 612:m/m 640:same/0 5184b228',
  });
  store.setState({ frame: frame({ scenario: 'rings' }) });
  expect(completion(answers.getState(), frame())).toBeNull();
});

test('a program of the reader’s is named by its check', () => {
  const given = [{ step: 3, chosen: '0', answer: '0' }];
  const { record } = completion(given, frame({ source: 'hlt\n', vmm: 'none', view: { paging: null } as Frame['view'] }))!;
  expect(record).toMatch(/^rm1-record v=1 program:[0-9a-f]{8} none 1\/1 3:0\/0 [0-9a-f]{8}$/);
});
