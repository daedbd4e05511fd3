/** A product of the catalog. Ids are UUIDs here; they leave as global ids. */
export interface Product {
  id: string;
  slug: string;
  title: string;
  description: string | null;
  active: boolean;
  updatedAt: Date;
  version: number;
}
