import type { Caller } from './caller.ts';

// Access tokens of this page. They live in this module's closure: a reload forgets them, and nothing writes them to the browser's
// storage, where they would outlive the session.

export interface Tokens {
  /** The token to send; null: none. Signs in when there is none yet, or when it is about to end. */
  get(caller: Caller): Promise<string | null>;
  /** Forgets a token that was refused. Says whether asking again can bring another one. */
  discard(caller: Caller): boolean;
  setOwn(token: string): void;
}

interface IssuedToken {
  token: string;
  endsAt: number;
}

interface TokenAnswer {
  access_token: string;
  expires_in: number;
}

const EARLY_MS = 30_000; // a token must not end on its way

/** `signIn` asks the development issuer for a persona's token. */
export function createTokens({
  signIn,
  now,
}: {
  signIn: (persona: string) => Promise<TokenAnswer>;
  now: () => number;
}): Tokens {
  const issued = new Map<string, Promise<IssuedToken>>();
  let own: string | null = null;

  async function issue(persona: string): Promise<IssuedToken> {
    const { access_token: token, expires_in: seconds } = await signIn(persona);
    return { token, endsAt: now() + seconds * 1000 - EARLY_MS };
  }

  function renew(persona: string): Promise<IssuedToken> {
    const fresh = issue(persona);
    issued.set(persona, fresh);
    fresh.catch(() => issued.get(persona) === fresh && issued.delete(persona));
    return fresh;
  }

  return {
    async get(caller) {
      if (caller.kind === 'nobody') return null;
      if (caller.kind === 'token') return own;
      const known = issued.get(caller.persona) ?? renew(caller.persona);
      const { token, endsAt } = await known;
      if (endsAt > now()) return token;
      // Of several that find it ended, the first renews it.
      const next = issued.get(caller.persona);
      return (await (next === undefined || next === known ? renew(caller.persona) : next)).token;
    },
    discard(caller) {
      return caller.kind === 'persona' && issued.delete(caller.persona);
    },
    setOwn(token) {
      own = token.trim().replace(/^Bearer\s+/i, '') || null;
    },
  };
}
