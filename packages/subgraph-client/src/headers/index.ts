export { CALLER_TOKEN_HEADER } from './caller-token-header.js';
