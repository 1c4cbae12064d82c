export { type SignatureAlgorithm, signing, verifying } from './algorithms.js';
export { RequestSigner, type SignedRequest } from './request-signer.js';
export { RequestVerifier } from './request-verifier.js';
export { type Component, contentDigest, SIGNED_HEADERS, signatureBase } from './signature-base.js';
export { UnusableKey } from './unusable-key.js';
