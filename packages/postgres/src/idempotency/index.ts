export { idempotencyRetention } from './idempotency-retention.js';
export { currentMutation, IdempotentMutation, outsideMutation, runMutation } from './idempotent-mutation.js';
export { type IdempotentRequest, idempotentRequest } from './idempotent-request.js';
export { MAX_KEYS_PER_CALLER } from './recorded-steps.js';
