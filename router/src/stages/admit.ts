import type { Admission } from '@platform/foundation/admission';
import type { Tokens } from '../authentication/token-verifier.js';
import type { IncomingOperation } from '../operation.js';
import type { AroundStage } from '../stage.js';
import { askerOf } from './asker-of.js';

/**
 * Lets the operation begin, or wait for its turn, or refuses it before anything is done for it. What could be a sign-in gets a place of its own;
 * `holdAdmission` looks at what it is.
 */
export const admit =
  (admission: Admission, tokens: Tokens | null, always: readonly string[]): AroundStage<never, 'place'> =>
  async (context, next) => {
    const { authorization, clientIp, signal } = context;
    const asker = askerOf({ authorization, clientIp }, tokens);
    const enter = () => admission.enter(asker, signal);
    const free = admission.enterAtOnce(asker);
    const reserved = free || !mayName(context, always) ? undefined : admission.enterReserved(asker);
    const place = { current: free ?? reserved ?? (await enter()), ...(reserved && { enter }) };
    try {
      return await next({ place });
    } finally {
      place.current.leave();
    }
  };

/** Whether one of the fields may be asked for: its name is there, or the document is not, as with persisted queries, and nobody has signed in. */
const mayName = ({ request, authorization }: IncomingOperation, always: readonly string[]): boolean => {
  const { query } = request;
  if (query === '') return always.length > 0 && authorization === undefined;
  return always.some((coordinate) => query.includes(nameOf(coordinate)));
};

const nameOf = (coordinate: string): string => coordinate.slice(coordinate.indexOf('.') + 1);
