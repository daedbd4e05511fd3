import type { PrincipalMembership, Role } from './principal.ts';

// What the users subgraph knows about the subject of a token. It is looked up outside GraphQL, by the gateway only; the
// gateway turns it into a `Principal` by adding what the token says (scopes, time and methods of the sign-in).

export type PrincipalQuery =
  /** A person, by issuer and subject of the token. */
  | { issuer: string; subject: string }
  /** An API client, by its public client identifier. */
  | { clientId: string };

/** All ids are UUIDs. */
export type PrincipalRecord =
  | {
      type: 'user';
      userId: string;
      status: 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'ERASED';
      roles: readonly Role[];
      memberships: readonly PrincipalMembership[];
    }
  | {
      type: 'client';
      clientId: string;
      organizationId: string;
      status: 'ACTIVE' | 'REVOKED';
      /** Scopes the client was granted. */
      scopes: readonly string[];
    };

export interface FindPrincipal {
  /** Null when nobody is known under that name. */
  (query: PrincipalQuery): Promise<PrincipalRecord | null>;
  /** Where changes are made in this process: tells the id of a person whose record is out of date from now on. */
  readonly onChange?: (listener: (userId: string) => void) => void;
}
