/** Counts the mutations of each request, whichever subgraph runs them. */
export interface Turns {
  next(requestId: string): number;
}

export function createTurns(): Turns {
  const counts = new Map<string, number>();
  return {
    next(requestId) {
      const turn = (counts.get(requestId) ?? 0) + 1;
      counts.set(requestId, turn);
      return turn;
    },
  };
}
