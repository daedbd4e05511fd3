/** Tells whoever keeps what `findPrincipal` answered, in this process, that the answer about a person is out of date. */
export interface PrincipalChanges {
  readonly announce: (userId: string) => void;
  readonly listen: (listener: (userId: string) => void) => void;
}

export function createPrincipalChanges(): PrincipalChanges {
  const listeners: ((userId: string) => void)[] = [];
  return {
    announce: (userId) => listeners.forEach((listener) => listener(userId)),
    listen: (listener) => void listeners.push(listener),
  };
}
