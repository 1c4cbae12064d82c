import { attended } from '../attended-stream.js';
import type { AroundStage } from '../stage.js';
import type { Supergraphs } from '../supergraphs/index.js';

/** Puts the operation onto the supergraph that serves now: it ends on the one that it began on, whatever is loaded meanwhile. */
export const selectSupergraph =
  (supergraphs: Supergraphs): AroundStage<never, 'engine'> =>
  (context, next) =>
    supergraphs.use(async ({ engine, hot }) => {
      const answer = await next({ engine });
      if (context.prepared) hot.count(context.prepared, context.request.query);
      if (!('stream' in answer) || !answer.incremental) return answer;
      return { ...answer, stream: attended(answer.stream, { ended: supergraphs.hold(engine) }) };
    });
