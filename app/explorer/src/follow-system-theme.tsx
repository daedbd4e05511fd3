import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/** GraphiQL asks for the system's theme once; evenings come while a page is open. A theme that was chosen in its settings stays. */
export function FollowSystemTheme() {
  const theme = useGraphiQL((state) => state.theme);
  const actions = useGraphiQLActions();
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => {
      if (theme === null) actions.setTheme(null);
    };
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [theme, actions]);
  return null;
}
