export { CALLER_TOKEN_HEADER, NESTED_CALL_HEADER } from './internal-headers.js';
