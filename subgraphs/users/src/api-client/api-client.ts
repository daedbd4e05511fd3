export const ApiClientStatus = { active: 'ACTIVE', revoked: 'REVOKED' } as const;
export type ApiClientStatus = (typeof ApiClientStatus)[keyof typeof ApiClientStatus];

/** An OAuth 2.0 client of a partner. */
export interface ApiClient {
  id: string;
  organizationId: string;
  /** The public identifier that tokens carry. */
  clientId: string;
  name: string;
  /** Scopes a token of this client may carry. */
  scopes: string[];
  status: ApiClientStatus;
  /** Cost points per minute. */
  rateLimitPoints: number;
  lastUsedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** A secret of an API client; only its hash is kept. */
export interface ApiClientSecret {
  id: string;
  /** The id of the client, not its public identifier. */
  clientId: string;
  hash: string;
  /** Last four characters of the secret. */
  hint: string;
  expiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}
