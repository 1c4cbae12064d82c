import { attended } from '../attended-stream.js';
import type { Stage } from '../operation.js';
import type { Supergraphs } from '../supergraphs/index.js';

/** Puts the operation onto the supergraph that serves now: it ends on the one that it began on, whatever is loaded meanwhile. */
export const selectSupergraph =
  (supergraphs: Supergraphs): Stage =>
  (context, next) =>
    supergraphs.use(async ({ engine, hot }) => {
      context.engine = engine;
      const answer = await next();
      if (context.prepared) hot.count(context.prepared, context.request.query);
      if (!('stream' in answer) || !answer.incremental) return answer;
      return { ...answer, stream: attended(answer.stream, { ended: supergraphs.hold(engine) }) };
    });
