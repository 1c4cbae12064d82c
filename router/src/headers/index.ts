export { HeaderNames } from './header-names.js';
export { HeaderRules } from './header-rules.js';
export { headerName, headerPattern, headersOption } from './options.js';
export { mergedHeaders, type PassedHeader, PassedHeaders } from './passed-headers.js';
export { type IdempotencyKey, requestHeaders } from './request-headers.js';
