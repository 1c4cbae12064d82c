export { CLEARED_AT_ONCE, type Clearance, Clearing } from './clearing.js';
