/** What an empty page begins with. */
export const START_TEXT = `# Ctrl+Enter runs this.
# Ctrl+Space completes.
# F1 lists all commands.

{
  products(first: 3) {
    nodes {
      title
      slug
    }
  }
}
`;
