export { signing, verifying } from './algorithms.js';
export { RequestSigner, type SignedRequest } from './request-signer.js';
export { RequestVerifier } from './request-verifier.js';
export { contentDigest, signatureBase } from './signature-base.js';
export { UnusableKey } from './unusable-key.js';
