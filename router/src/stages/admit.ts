import type { Admission } from '@platform/foundation/admission';
import type { Tokens } from '../callers/token-verifier.js';
import type { GraphQLRequest, Stage } from '../operation.js';
import { askerOf } from './asker-of.js';

/**
 * Lets the operation begin, or wait for its turn, or refuses it before anything is done for it. What could be a sign-in gets a place of its own;
 * `keepPlace` looks at what it is.
 */
export const admit =
  (admission: Admission, tokens: Tokens | null, always: readonly string[]): Stage =>
  async (context, next) => {
    const { authorization, clientIp, signal } = context;
    const enter = () => admission.enter(askerOf({ authorization, clientIp }, tokens), signal);
    const reserved = mayName(context.request, always) ? admission.enterReserved() : undefined;
    const place = reserved ?? (await enter());
    context.place = { current: place, ...(reserved && { enter }) };
    try {
      return await next();
    } finally {
      context.place.current.leave();
    }
  };

/** Whether one of the fields may be asked for: its name is there, or the document is not. */
const mayName = ({ query }: GraphQLRequest, always: readonly string[]): boolean =>
  always.length > 0 && (query === '' || always.some((coordinate) => query.includes(nameOf(coordinate))));

const nameOf = (coordinate: string): string => coordinate.slice(coordinate.indexOf('.') + 1);
