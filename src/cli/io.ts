/** What a command may touch of the world outside. */
export interface CliIo {
  /** Undefined when there is no such file. */
  readFile(path: string): Uint8Array | undefined;
  /** Throws when it cannot be written. */
  writeFile(path: string, content: Uint8Array | string): void;
  stdout(text: string): void;
  stderr(text: string): void;
}
