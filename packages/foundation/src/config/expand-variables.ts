/** `${NAME}`, `${NAME:-default}`, and both with `env.` in front as other routers write it; `$$` is a dollar sign. */
const REFERENCE = /\$\$|\$\{(?:env\.)?([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g;

/** A text that came from the environment as a whole: what type it has, its key's schema says. */
export class FromEnvironment {
  constructor(readonly text: string) {}
}

/** A value of a file, with what its texts name in the environment put in. What is not set, or no reference, is added to the mistakes. */
export function expandVariables(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  mistake: (reason: string) => void,
): unknown {
  if (Array.isArray(value)) return value.map((item) => expandVariables(item, env, mistake));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandVariables(item, env, mistake)]));
  }
  if (typeof value !== 'string' || !value.includes('$')) return value;
  let whole = false;
  const text = value.replace(REFERENCE, (reference, name?: string, fallback?: string) => {
    if (reference === '$$') return '$';
    if (name === undefined) {
      mistake(`${reference} names no variable`);
      return '';
    }
    whole = reference === value;
    const found = env[name] || fallback;
    if (found === undefined) mistake(`\${${name}} is not set`);
    return found ?? '';
  });
  return whole ? new FromEnvironment(text) : text;
}
