import type { Result } from '../../operation.js';

/** The result as JSON, made once for all who get the same. */
export const jsonText = (result: Result): string => result.json?.().toString() ?? JSON.stringify(result);
