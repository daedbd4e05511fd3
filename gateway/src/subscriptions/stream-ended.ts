import type { GraphQLFormattedError } from 'graphql';

import type { DomainError } from '@tributary/kit/errors';

/** A subscription ends in another way than by its completion. `errors` are as the client may see them. */
export class StreamEnded extends Error {
  override name = 'StreamEnded';
  readonly errors: readonly GraphQLFormattedError[];
  constructor(errors: readonly GraphQLFormattedError[]) {
    super('The stream has ended with errors.');
    this.errors = errors;
  }
}

export function endedBy({ code, message }: DomainError): StreamEnded {
  return new StreamEnded([{ message, extensions: { code } }]);
}

export function codeOf({ extensions }: GraphQLFormattedError): string | undefined {
  return typeof extensions?.code === 'string' ? extensions.code : undefined;
}
