/** The header that carries the caller token from the router to a subgraph. */
export const CALLER_TOKEN_HEADER = 'x-caller-token';
