/** Consoles, and the images whose they are. */

/** The image that a machine runs: equal images have equal digests, and nothing else has. */
export interface ImageView {
  readonly name: string;
  /** SHA-256 in hexadecimal, as `sha256sum` prints it. */
  readonly digest: string;
}

export interface ConsoleView {
  /** `VM 1 console`, `Monitor console`, `Console` */
  readonly title: string;
  readonly vm: number;
  readonly text: string;
  readonly active: boolean;
  /** What runs on the machine whose console it is; null for the debug console. */
  readonly image: ImageView | null;
}
