import type { Migration } from '@tributary/kit/database/migrate';

export const copyMemberships: Migration = {
  name: '0007-copy-memberships',
  sql: `
-- What the subgraph users tells of people and of who belongs to which organization, so that orders can say whether somebody who was named
-- may be a buyer. It trails behind the truth by moments, and decides about no caller's rights. Values are not checked: they are another
-- subgraph's, and may become more before this one knows of it.
CREATE TABLE orders.user_copies (
  id uuid PRIMARY KEY,
  status text NOT NULL,
  -- Of the person. What arrives with an older one is ignored.
  version integer NOT NULL
);

CREATE TABLE orders.membership_copies (
  -- Somebody who leaves and comes back has another membership, and news of the two may overtake each other.
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- Empty when the membership has ended. The row stays, so that older news do not bring it back.
  role text,
  version integer NOT NULL
);
-- Whether a person belongs to an organization, and whether there is the organization.
CREATE INDEX membership_copies_members ON orders.membership_copies (organization_id, user_id) WHERE role IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON orders.user_copies, orders.membership_copies TO orders_app;
`,
};
