export { AdaptiveLimit } from './adaptive-limit.js';
export { Admission, type Admitted, Overloaded } from './admission.js';
