declare module '*.asm?raw' {
  const text: string;
  export default text;
}

declare module '*.inc?raw' {
  const text: string;
  export default text;
}

declare module '*.md?raw' {
  const text: string;
  export default text;
}
