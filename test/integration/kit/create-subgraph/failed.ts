/** An error as it leaves a subgraph. */
export const failed = (code: string, message: string, path?: (string | number)[]) => ({
  message,
  ...(path && { path }),
  extensions: { code },
});

export const MASKED = 'Something went wrong on our side.';
