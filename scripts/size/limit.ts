/** What a page that calls one method may weigh, in bytes, minified and compressed with brotli. */
export const BROTLI_LIMIT = 45_000;
