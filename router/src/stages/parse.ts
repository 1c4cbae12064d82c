import type { BeforeStage } from '../stage.js';

/** Text to document. Limited in tokens, since validating an oversized document is itself the attack. */
export const parse =
  (): BeforeStage<'engine' | 'request', 'document'> =>
  ({ engine, request }) => ({ document: engine.parse(request.query) });
