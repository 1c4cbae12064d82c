export { CLEARED_AT_ONCE, Clearing } from './clearing.js';
