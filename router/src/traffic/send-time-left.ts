import { TIMEOUT_HEADER } from '@platform/foundation/request-bounds';
import type { Send } from './subgraph-call.js';

/** Tells the subgraph for how long its answer is waited for. */
export const sendTimeLeft =
  (next: Send): Send =>
  (call) => {
    const left = Math.max(1, Math.round(call.deadline - performance.now()));
    return next({ ...call, headers: { ...call.headers, [TIMEOUT_HEADER]: String(left) } });
  };
