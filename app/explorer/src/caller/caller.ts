/** Whom an operation is asked as. */
export type Caller = { kind: 'nobody' } | { kind: 'persona'; persona: string } | { kind: 'token' };

/** A development identity, as `GET /dev/personas` lists it. */
export interface Persona {
  persona: string;
  displayName: string;
  description: string;
}

export const NOBODY: Caller = { kind: 'nobody' };
export const OWN_TOKEN: Caller = { kind: 'token' };

export const asPersona = (persona: string): Caller => ({ kind: 'persona', persona });

/** The same for callers that are the same. */
export const callerKey = (caller: Caller): string =>
  caller.kind === 'persona' ? `persona:${caller.persona}` : caller.kind;
