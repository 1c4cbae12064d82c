import { AsyncLocalStorage } from 'node:async_hooks';
import { openSpan, spansEnabled } from '@platform/foundation/tracing';
import type { Stage } from './operation.js';

/** The stage with a span for its own work: what it hands on to the next stage stands beside it, not below it. */
export function traced(name: string, stage: Stage): Stage {
  if (!spansEnabled()) return stage;
  return async (context, next) => {
    const outside = AsyncLocalStorage.snapshot();
    const span = openSpan(name, {});
    let handedOn = false;
    const handOn: typeof next = () => {
      handedOn = true;
      span?.end();
      return outside(next);
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
