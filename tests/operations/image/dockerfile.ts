/** One step of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  /** What stands behind the name, without flags. */
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
}

/** The steps of a Dockerfile, with continued lines joined and comments left out. */
export function readDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      const flags = Object.fromEntries(
        [...rest.matchAll(/(?<=^|\s)--(from|chown)=(\S+)/g)].map(([, key, value]) => [key, value]),
      );
      return { name, flags, text: rest.replaceAll(/(?<=^|\s)--(?:from|chown)=\S+\s*/g, '').trim() };
    });
}
