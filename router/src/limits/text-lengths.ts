import { type DocumentNode, TokenKind } from 'graphql';

/** The longest texts of something that a client has written, in UTF-16 code units. */
export interface TextLengths {
  /** Of a string, in a literal or a variable. */
  readonly maxStringLength: number;
  /** Of a name or a number, or the key of an object. */
  readonly maxNameLength: number;
}

/** Of a parsed document, comments left out; works before validation. */
export function textLengthsOf({ loc }: DocumentNode): TextLengths {
  let [maxStringLength, maxNameLength] = [0, 0];
  for (let token = loc?.startToken; token; token = token.next ?? undefined) {
    const length = token.end - token.start;
    if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
      maxStringLength = Math.max(maxStringLength, token.value?.length ?? 0);
    } else if (token.kind !== TokenKind.COMMENT) {
      maxNameLength = Math.max(maxNameLength, length);
    }
  }
  return { maxStringLength, maxNameLength };
}

/** Of a JSON value, at any depth; one value after another, so that no depth is too deep. */
export function textLengthsIn(json: unknown): TextLengths {
  let [maxStringLength, maxNameLength] = [0, 0];
  const left = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') maxStringLength = Math.max(maxStringLength, value.length);
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) left.push(item);
      continue;
    }
    for (const key of Object.keys(value)) {
      maxNameLength = Math.max(maxNameLength, key.length);
      left.push((value as Record<string, unknown>)[key]);
    }
  }
  return { maxStringLength, maxNameLength };
}
