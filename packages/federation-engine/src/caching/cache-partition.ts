import type { AuthorizationContext } from '../authorization/authorization-context.js';

/** Who gets an answer, as far as it decides which one. */
export interface CachePartition {
  /** Equal for callers whom no subgraph can tell apart, other headers aside. */
  readonly caller: string;
  /** Whose writing makes what is kept for them out of date; undefined for who has not signed in. */
  readonly subject: string | undefined;
  /** What they are in fact permitted, whatever the operation is run with. */
  readonly authorization: AuthorizationContext;
  /** The policies that the rights were asked for. */
  readonly decided: readonly string[];
}
