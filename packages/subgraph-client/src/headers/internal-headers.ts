/** The header that carries the caller token from the router to a subgraph. */
export const CALLER_TOKEN_HEADER = 'x-caller-token';

/** Marks what one subgraph asks of another: the operation has its place already, and must not wait for those that wait for it. */
export const NESTED_CALL_HEADER = 'x-nested-call';
