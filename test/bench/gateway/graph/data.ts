// The data behind the four subgraphs. What matters is its shape: six people, the same two reviews for each of them, both of the first
// product; four reviews of that, all by the first person. So the deepest list has 96 products that are one and the same.

export interface User {
  id: string;
  name: string;
  username: string;
  birthday: number;
}

export interface Product {
  upc: string;
  name: string;
  price: number;
  weight: number;
  inStock: boolean;
}

export interface Review {
  id: string;
  body: string;
  productUpc: string;
}

const PEOPLE = ['Mira Solberg', 'Jonas Adeyemi', 'Ines Carvalho', 'Tomasz Wren', 'Aiko Lindqvist', 'Samir Okafor'];
const GOODS = [
  'Kettle',
  'Desk lamp',
  'Hand plane',
  'Rain jacket',
  'Bicycle pump',
  'Chess set',
  'Enamel mug',
  'Tent',
  'Radio',
];
/** For each review, which product it is of and how many characters it has. */
const REVIEWS_OF: readonly (readonly [product: number, length: number])[] = [
  [1, 445],
  [1, 285],
  [1, 275],
  [1, 145],
  [2, 445],
  [2, 285],
  [2, 275],
  [2, 145],
  [3, 145],
  [4, 145],
  [4, 840],
];
const SENTENCE =
  'It has been on my shelf, in my bag and out in the rain for most of a year, and I would buy it again without thinking twice. ';

export const users: readonly User[] = PEOPLE.map((name, index) => ({
  id: String(index + 1),
  name,
  username: name.toLowerCase().replace(' ', '.'),
  birthday: 19_700_000 + index * 10_101,
}));

export const products: readonly Product[] = GOODS.map((name, index) => ({
  upc: String(index + 1),
  name,
  price: 1_299 + index * 450,
  weight: 100 + index * 50,
  inStock: index % 3 !== 2,
}));

export const reviews: readonly Review[] = REVIEWS_OF.map(([product, length], index) => ({
  id: String(index + 1),
  body: `${index + 1}. ${SENTENCE.repeat(8)}`.slice(0, length),
  productUpc: String(product),
}));

/** Nothing is sent for free above this price. */
const FREE_SHIPPING_BELOW = 1_000;

export function shippingEstimate({ price, weight }: Pick<Product, 'price' | 'weight'>): number {
  return price < FREE_SHIPPING_BELOW ? 0 : Math.round(weight * 0.5);
}
