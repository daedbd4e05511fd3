export interface Notice {
  title: string;
  /** Sentences of our own; nothing of a request may come in here unescaped. */
  paragraphs: readonly string[];
  /** A command to type, or a line to copy. */
  command?: string;
}

/** A page that stands on its own: no script, and the only style is in the page. */
export function noticePage({ title, paragraphs, command }: Notice): string {
  const body = paragraphs.map((text) => `<p>${escape(text)}</p>`);
  if (command !== undefined) body.push(`<pre><code>${escape(command)}</code></pre>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 15vh auto 0; padding: 0 1.5rem; }
pre { padding: .75rem 1rem; border: 1px solid; border-radius: .5rem; overflow-x: auto; }
</style>
<h1>${escape(title)}</h1>
${body.join('\n')}
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
