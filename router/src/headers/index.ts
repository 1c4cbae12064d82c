export { HeaderNames } from './header-names.js';
export { HeaderRules } from './header-rules.js';
export { headerName, headerPattern, headersOption } from './options.js';
export { type IdempotencyKey, requestHeaders } from './request-headers.js';
export { mergedHeaders, type PassedHeader, ResponseHeaderPropagation } from './response-header-propagation.js';
