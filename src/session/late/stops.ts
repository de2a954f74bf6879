/** In the place of src/session/stops.ts: without a stop there is nothing to look for. */
import type { Session } from '../session.ts';
import type { StopView } from '../views.ts';
import { late } from './load.ts';

type Real = InstanceType<ReturnType<typeof late>['Stops']>;

export class Stops implements Pick<Real, keyof Real> {
  private readonly session: Session;
  private made: Real | null = null;

  constructor(session: Session) {
    this.session = session;
  }

  private get real(): Real {
    this.made ??= new (late().Stops)(this.session);
    return this.made;
  }

  get views(): readonly StopView[] {
    return this.made?.views ?? [];
  }

  run(until: number): boolean {
    if (this.made !== null) return this.made.run(until);
    this.session.run(until);
    return false;
  }

  readonly remove: Real['remove'] = (id) => this.made?.remove(id);
  readonly addInstruction: Real['addInstruction'] = (n) => this.real.addInstruction(n);
  readonly addLine: Real['addLine'] = (path, line) => this.real.addLine(path, line);
  readonly addWrite: Real['addWrite'] = (...given) => this.real.addWrite(...given);
  readonly forward: Real['forward'] = (only) => this.real.forward(only);
  readonly toInstruction: Real['toInstruction'] = (n) => this.real.toInstruction(n);
  readonly toLine: Real['toLine'] = (path, line) => this.real.toLine(path, line);
  readonly back: Real['back'] = () => this.real.back();
  readonly stepping: Real['stepping'] = (way) => this.real.stepping(way);
}
