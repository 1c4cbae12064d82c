export { AdaptiveLimit } from './adaptive-limit.js';
export { Admission, type AdmissionOptions, type Admitted, Overloaded } from './admission.js';
