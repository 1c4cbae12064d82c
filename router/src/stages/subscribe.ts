import { OperationTypeNode } from 'graphql';
import { SubscriptionNeedsStream } from '../errors.js';
import { required, type Stage } from '../operation.js';
import type { Subscriptions } from '../subscriptions/subscriptions.js';

/** Answers a subscription with a stream; every other operation goes on. */
export const subscribe =
  (subscriptions: Subscriptions): Stage =>
  async (context, next) => {
    if (required(context, 'operation').type !== OperationTypeNode.SUBSCRIPTION) return next();
    if (!context.streaming) throw new SubscriptionNeedsStream();
    const stream = await subscriptions.open(context);
    return stream ? { stream } : next();
  };
