import type { Config } from '@platform/foundation/config';
import { z } from 'zod';

/** What the blog subgraph reads of the configuration; config.yaml says what each key is for. */
export const blogSections = {
  blog: z.strictObject({ coverQuota: z.int().positive() }),
};

/** The blog subgraph's own section. */
export type BlogConfig = Config<typeof blogSections>['blog'];
