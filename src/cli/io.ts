/** What a command may touch of the world outside. */
export interface CliIo {
  /** Undefined when there is no such file. */
  readFile(path: string): Uint8Array | undefined;
  /** Throws when it cannot be written. */
  writeFile(path: string, content: Uint8Array | string): void;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Bytes that came in on stdin since the last call. */
  typed?(): readonly number[];
  /** Lets the world in for a moment. */
  breathe?(): Promise<void>;
}
