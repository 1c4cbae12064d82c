export { HeaderRules } from './header-rules.js';
export { headerName, headersOption } from './options.js';
export { mergedHeaders, type PassedHeader, PassedHeaders } from './passed-headers.js';
export { requestHeaders } from './request-headers.js';
