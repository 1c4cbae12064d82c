import { AsyncLocalStorage } from 'node:async_hooks';
import { inSpan, openSpan, spansEnabled } from '@platform/foundation/tracing';
import type { Answer } from './operation.js';

/** The stage with a span for its work; without a name, or where no spans are made, the stage itself. */
export function traced<Context, Outcome>(
  name: string | undefined,
  stage: (context: Context) => Outcome | Promise<Outcome>,
): (context: Context) => Outcome | Promise<Outcome> {
  if (name === undefined || !spansEnabled()) return stage;
  return (context) => inSpan(name, {}, async () => stage(context));
}

/** The same for a stage that hands on to others: what these do stands beside its span, not below it. */
export function tracedAround<Context, Facts extends unknown[]>(
  name: string | undefined,
  stage: (context: Context, next: (...facts: Facts) => Promise<Answer>) => Promise<Answer>,
): typeof stage {
  if (name === undefined || !spansEnabled()) return stage;
  return async (context, next) => {
    const outside = AsyncLocalStorage.snapshot();
    const span = openSpan(name, {});
    let handedOn = false;
    const handOn: typeof next = (...facts) => {
      handedOn = true;
      span?.end();
      return outside(next, ...facts);
    };
    const work = () => stage(context, handOn);
    try {
      const answer = await (span ? span.run(work) : work());
      if (!handedOn) span?.end();
      return answer;
    } catch (error) {
      if (!handedOn) span?.end({}, error);
      throw error;
    }
  };
}
