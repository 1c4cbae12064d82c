import { parseJson } from '@platform/foundation/json';
import { BadRequest, BatchTooLarge } from '../../errors.js';
import type { SingleAnswer } from '../../operation.js';
import { jsonText } from './json-text.js';

/** Whether clients may send several operations at once, and how many. */
export interface Batching {
  readonly enabled: boolean;
  readonly maxOperations: number;
}

/** Whether a body holds several operations; where that is not allowed, such a body is no request. */
export const isBatch = (body: string, { enabled }: Batching): boolean => enabled && /^\s*\[/.test(body);

/** The operations of a body, none of them looked at yet. @throws BadRequest, BatchTooLarge */
export function operationsOfBatch(body: string, { maxOperations }: Batching): unknown[] {
  const operations = parsed(body);
  if (operations.length === 0) throw new BadRequest('A batch holds at least one request.');
  if (operations.length > maxOperations) throw new BatchTooLarge(maxOperations);
  return operations;
}

function parsed(body: string): unknown[] {
  try {
    return parseJson(body) as unknown[];
  } catch {
    throw new BadRequest('The body is not well-formed JSON.');
  }
}

/** One body for all answers, in the order of their operations. A status that all of them have is the batch's. */
export function answerOfBatch(answers: readonly SingleAnswer[]): {
  readonly status: number;
  readonly headers: SingleAnswer['headers'];
  readonly passed: SingleAnswer['passed'];
  readonly body: string;
} {
  const [first] = answers;
  const shared = first?.status !== undefined && answers.every(({ status }) => status === first.status);
  return {
    status: shared ? (first?.status ?? 200) : 200,
    headers: shared ? first?.headers : {},
    passed: answers.flatMap(({ passed = [] }) => passed),
    body: `[${answers.map(({ result }) => jsonText(result)).join(',')}]`,
  };
}
