import { OperationTypeNode } from 'graphql';
import { SubscriptionNeedsStream } from '../errors.js';
import type { StreamAnswer } from '../operation.js';
import type { AnswerStage } from '../stage.js';
import type { SubscriptionFact, Subscriptions } from '../subscriptions/subscriptions.js';

/** Answers a subscription with a stream; every other operation goes on. */
export const subscribe =
  (subscriptions: Subscriptions): AnswerStage<SubscriptionFact, StreamAnswer | undefined> =>
  async (context) => {
    if (context.operation.type !== OperationTypeNode.SUBSCRIPTION) return undefined;
    if (!context.streaming) throw new SubscriptionNeedsStream();
    const stream = await subscriptions.open(context);
    return stream && { stream };
  };
