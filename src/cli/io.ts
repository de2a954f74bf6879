/** What a command may touch of the world outside. */
export interface CliIo {
  /** Undefined when there is no such file. */
  readFile(path: string): Uint8Array | undefined;
  /** Throws when it cannot be written. */
  writeFile(path: string, content: Uint8Array | string): void;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** What running a machine needs besides. */
export interface RunIo extends CliIo {
  appendFile(path: string, text: string): void;
  /** Makes a folder, and those above it, unless they are there. */
  makeFolder?(path: string): void;
  /** Bytes for stdout as they are. */
  raw(bytes: Uint8Array): void;
  /** Waits a moment for what comes in on stdin as the command starts. */
  ready?(): Promise<void>;
  /** Bytes that came in on stdin since the last call. */
  typed?(): readonly number[];
  /** Waits until more comes in; false when nothing ever will. */
  more?(): Promise<boolean>;
  /** Lets the world in for a moment. */
  breathe?(): Promise<void>;
}
