// What the shop sells: kinds of goods and collections. A product is a kind in a collection ("Fjord desk lamp"); each variant
// takes one entry of the kind's axis.

export interface Kind {
  name: string;
  /** First part of the sku. */
  code: string;
  description: string;
  /** Price of the smallest variant in euro cents. */
  priceMinor: number;
  taxCategory: 'STANDARD' | 'REDUCED';
  axis: Axis;
}

export type Axis = readonly (readonly [code: string, title: string, surchargePercent: number])[];

const wood: Axis = [['OAK', 'Oak', 0], ['WAL', 'Walnut', 18], ['ASH', 'Black ash', 6]]; // prettier-ignore
const fabric: Axis = [['NAT', 'Natural', 0], ['IND', 'Indigo', 0], ['OLV', 'Olive', 0]]; // prettier-ignore
const size: Axis = [['S', 'Small', 0], ['M', 'Medium', 25], ['L', 'Large', 55]]; // prettier-ignore
const glaze: Axis = [['WHT', 'White', 0], ['SEA', 'Sea green', 5]]; // prettier-ignore
const metal: Axis = [['BRS', 'Brass', 10], ['STL', 'Steel', 0]]; // prettier-ignore
const pack: Axis = [['ONE', 'Single', 0], ['SIX', 'Pack of six', 420]]; // prettier-ignore

const kind = (
  name: string,
  code: string,
  priceMinor: number,
  axis: Axis,
  description: string,
  reduced = false,
): Kind => ({
  name,
  code,
  priceMinor,
  axis,
  description,
  taxCategory: reduced ? 'REDUCED' : 'STANDARD',
});

export const KINDS: readonly Kind[] = [
  kind('desk lamp', 'DLAMP', 7900, metal, 'A lamp for late pages: dimmable, with an arm that stays where you put it.'),
  kind('throw blanket', 'THROW', 8950, fabric, 'Woven from recycled wool, heavy enough to mean it.'),
  kind('coffee mug', 'MUG', 1650, glaze, 'Thrown and glazed by hand; holds a big coffee and survives the dishwasher.'),
  kind('side table', 'STABLE', 18900, wood, 'Three legs, so it never wobbles. Solid wood, oiled.'),
  kind('linen apron', 'APRON', 4200, fabric, 'Stone-washed linen with a pocket deep enough for a phone.'),
  kind('cutting board', 'BOARD', 3890, wood, 'End grain, kind to knives. Comes with a tin of oil.'),
  kind('storage basket', 'BASKET', 2790, size, 'Plaited from seagrass; hides toys, yarn and half-read magazines.'),
  kind('espresso beans', 'BEANS', 1190, pack, 'Roasted on Tuesdays: chocolate, hazelnut, a little orange.', true),
  kind('notebook', 'NOTE', 1490, fabric, 'Thread-bound, lies flat, 192 pages that take ink well.'),
  kind('wall clock', 'CLOCK', 6400, wood, 'Silent movement and a face you can read from the sofa.'),
  kind('tea pot', 'TEAPOT', 5450, glaze, 'Pours without dripping, which is harder than it sounds.'),
  kind('floor cushion', 'CUSH', 5990, fabric, 'Firm, filled with buckwheat; the cover comes off for washing.'),
  kind('picture frame', 'FRAME', 2350, wood, 'Real glass, real wood, hangs in both directions.'),
  kind('candle holder', 'CANDLE', 2990, metal, 'Cast in one piece; heavy enough for tall candles.'),
  kind('bath towel', 'TOWEL', 2950, size, 'Thick, quick to dry, softer after every wash.'),
  kind('bookshelf', 'SHELF', 34900, wood, 'Stands free or on the wall; five boards that do not bend.'),
  kind('plant pot', 'POT', 1990, size, 'Terracotta with a saucer that really fits.'),
  kind('cookbook', 'COOKB', 2800, pack, 'Ninety recipes for people who come home late.', true),
  kind('pendant light', 'PEND', 14500, metal, 'Throws its light on the table and not into your eyes.'),
  kind('serving bowl', 'BOWL', 4700, glaze, 'Big enough for salad for eight, or pasta for two.'),
  kind('rug', 'RUG', 15900, size, 'Flat weave of wool and jute; lies still without a mat.'),
  kind('coat rack', 'RACK', 9800, wood, 'Six hooks at two heights, so children can reach theirs.'),
  kind('olive oil', 'OIL', 1790, pack, 'Pressed in November from one grove. Peppery.', true),
  kind('bed linen set', 'LINEN', 11900, fabric, 'Washed linen, one duvet cover and two pillow cases.'),
];

export const COLLECTIONS: readonly string[] =
  'Fjord, Alma, Halden, Sola, Brise, Kiruna, Mistral, Tarn, Juno, Lagom, Pinea, Orsa, Vela, Nord, Cala, Dune, Elba, Faro, Glen, Hytte, Isar, Jura, Kalmar, Lido, Moor, Nerja, Oslo, Porto, Quinta, Riga, Siena, Tide, Umbra, Varde, Wren, Ystad, Zelda, Arran, Bodega, Corso, Delta, Ebro, Foss, Gozo, Hven, Inari, Jarl, Kasko, Lund, Malmo, Nysa, Odense, Piran, Rhone, Skagen, Turku, Ulla, Visby, Wadi, Yser, Aalto, Borge, Cirrus, Dove, Eden, Flint, Grove, Heath, Iris, Jade, Knoll, Larch, Maple, Nest, Onyx, Pearl, Quay, Reed, Shore, Thyme, Urd, Vale, Weir, Yew'.split(
    ', ',
  );

/** Prices in other currencies: `numerator / denominator` of a euro cent, then rounded down to end as prices of the place do. */
export const PRICE_CURRENCIES = [
  { currency: 'EUR', numerator: 1, denominator: 1, step: 10 },
  { currency: 'USD', numerator: 112, denominator: 100, step: 10 },
  { currency: 'GBP', numerator: 86, denominator: 100, step: 10 },
  { currency: 'CAD', numerator: 152, denominator: 100, step: 10 },
  { currency: 'JPY', numerator: 164, denominator: 100, step: 10 },
] as const;
