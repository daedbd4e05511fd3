/** Asks a gateway as one of the development identities. */
export async function askAs(
  url: string,
  persona: string,
): Promise<
  (
    query: string,
    variables?: Record<string, unknown>,
  ) => Promise<{ data: unknown; errors?: { path: unknown[]; extensions: { code: string } }[] }>
> {
  const post = (path: string, body: unknown, token?: string) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const { access_token: token } = (await (await post('/dev/token', { persona })).json()) as { access_token: string };
  return async (query, variables) => (await post('/graphql', { query, variables }, token)).json() as never;
}
