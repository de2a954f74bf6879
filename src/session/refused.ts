/** What was asked for does not exist or does not fit; the message says what would. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
