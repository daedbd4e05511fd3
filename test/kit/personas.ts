import { personas } from '@tributary/app/seed/index';
import type { PersonaName } from '@tributary/app/seed/index';

import type { TokenSubject } from './issuer.ts';

/** The subject of a development identity, for tokens of the test issuer. */
export function personaSubject(name: PersonaName): TokenSubject {
  const persona = personas[name];
  return persona.type === 'client' ? { subject: persona.clientId, client: true } : { subject: persona.subject };
}
