import type { DocumentNode } from 'graphql';
import { bytesOfText } from './weighted-cache.js';

/** What a token takes with the nodes and places that are made of it, in bytes. */
const PER_TOKEN = 500;

/** What a parsed document takes in memory with its text, in bytes. Its tokens are counted with the comments among them: those are kept too. */
export const weightOfDocument = ({ loc }: DocumentNode): number => {
  const text = loc?.source.body ?? '';
  let tokens = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens += 1;
  return PER_TOKEN * (loc ? tokens : text.length) + bytesOfText(text);
};
