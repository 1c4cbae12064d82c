import type { DocumentNode } from 'graphql';
import { bytesOfText } from './weighted-cache.js';

/** What a token takes with the nodes and places that are made of it, in bytes. */
const PER_TOKEN = 500;

/** What a parsed document takes in memory with its text, in bytes. */
export const weightOfDocument = (document: DocumentNode): number => {
  const { tokenCount, loc } = document as DocumentNode & { readonly tokenCount?: number };
  const text = loc?.source.body ?? '';
  return PER_TOKEN * (tokenCount ?? text.length) + bytesOfText(text);
};
