import type { FormEvent } from 'react';

/** A field for an access token from elsewhere. It is emptied at once: the token itself is kept out of the page. */
export function OwnToken({ onToken }: { onToken: (token: string) => void }) {
  function use(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const token = new FormData(form).get('token');
    form.reset();
    if (typeof token === 'string') onToken(token);
  }
  return (
    <form className="own-token" onSubmit={use}>
      <label>
        Access token <input name="token" type="password" autoComplete="off" spellCheck={false} required />
      </label>
      <button type="submit">Use token</button>
      <span>Kept in memory until the page is closed.</span>
    </form>
  );
}
