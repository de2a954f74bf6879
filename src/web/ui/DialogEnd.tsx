import { say } from '../../lib/say.ts';
/** The way out of a dialog. */
export function DialogEnd() {
  return (
    <form method="dialog">
      <button type="submit" className="tool">
        {say`Close`}
      </button>
    </form>
  );
}
