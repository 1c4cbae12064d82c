import { hash } from 'node:crypto';

/** 256 bits as text: long enough that nobody finds two questions with one key. */
export const digest = (text: string): string => hash('sha256', text, 'base64url');

/** One text of several, that no other list makes. */
export const framed = (parts: readonly string[]): string => parts.map((part) => `${part.length}:${part}`).join('');
