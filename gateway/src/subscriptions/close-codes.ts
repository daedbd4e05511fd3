/** Codes with which WebSockets are closed, besides those of the protocol's library. */
export const CloseCode = {
  /** The gateway stops. */
  goingAway: 1001,
  /** The client does not read, or the caller cannot be identified at the moment. */
  tryAgainLater: 1013,
  /** The protocol's own "Forbidden": the token is wrong or has expired. */
  forbidden: 4403,
  internal: 4500,
} as const;
