/** Bounds that keep one caller from using up the server; times in milliseconds, sizes in bytes. */
export type Limits = {
  /** A request's header section, a TLS handshake and an HTTP/2 preface must be complete within this time. */
  readonly headersMs: number;
  /** Largest header section of a request: 431 over HTTP/1.1, a reset stream over HTTP/2. */
  readonly headerBytes: number;
  /** A request must be complete, body included, within this time. */
  readonly requestMs: number;
  /** While the server is full, requests whose body is still incomplete after this time make room for others. */
  readonly crowdedRequestMs: number;
  /** A caller that takes no byte of a waiting answer for this long is cut off. */
  readonly stallMs: number;
  /** An HTTP/1.1 connection without a request is closed after this time. */
  readonly keepAliveMs: number;
  /** An HTTP/2 connection without a request is closed after this time. */
  readonly idleSessionMs: number;
  /** Open connections. Over it the longest idle one makes room; when all are busy, new ones are refused. */
  readonly connections: number;
  /** Requests in progress at once, without the long ones. Over it: 503. */
  readonly requests: number;
  /** Long requests (see `isLong` of the listener) in progress at once. Over it: 503. */
  readonly longRequests: number;
  /** Streams at once on one HTTP/2 connection. */
  readonly streamsPerConnection: number;
  /** Streams that one HTTP/2 connection may reset per second on average, and in one burst (CVE-2023-44487). */
  readonly resetsPerSecond: number;
  readonly resetBurst: number;
  /** How often the time limits are checked: a limit is kept to within this much. */
  readonly checkMs: number;
};

/** The limits that hold where nothing else is configured. */
export const defaultLimits: Limits = {
  headersMs: 10_000,
  headerBytes: 16_384,
  requestMs: 60_000,
  crowdedRequestMs: 2_000,
  stallMs: 30_000,
  keepAliveMs: 75_000,
  idleSessionMs: 300_000,
  connections: 10_000,
  requests: 2_000,
  longRequests: 5_000,
  streamsPerConnection: 100,
  resetsPerSecond: 33,
  resetBurst: 1_000,
  checkMs: 1_000,
};
