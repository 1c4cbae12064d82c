import { text } from '@platform/subgraph-server/graphql';
import { z } from 'zod';

/** What a comment may say, and on which post. */
export const newComment = z.object({ postId: z.string(), body: text(5_000) });
