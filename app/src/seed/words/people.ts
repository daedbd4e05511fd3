// Names of people by country, for believable rows. Addresses and phone numbers use ranges that belong to nobody where a country
// sets such a range aside.

export interface Country {
  code: string;
  locale: string;
  currency: string;
  firstNames: readonly string[];
  lastNames: readonly string[];
  streets: readonly string[];
  /** City, region or empty, postal code. */
  cities: readonly (readonly [city: string, region: string, postalCode: string])[];
  /** How a street and a house number are written. */
  line1: (street: string, house: number) => string;
  /** E.164, with a number of three digits filled in. */
  phone: (number: string) => string;
  carriers: readonly string[];
}

const streetFirst = (street: string, house: number) => `${street} ${house}`;
const houseFirst = (street: string, house: number) => `${house} ${street}`;
const words = (text: string) => text.split(', ');

export const COUNTRIES: readonly Country[] = [
  {
    code: 'DE', locale: 'de-DE', currency: 'EUR', line1: streetFirst, carriers: ['DHL', 'DPD', 'Hermes', 'GLS'],
    phone: (number) => `+4917139200${number.slice(1)}`,
    firstNames: words('Anna, Lukas, Sophie, Felix, Marie, Paul, Lena, Maximilian, Johanna, Ben, Katharina, Tim, Emilia, Moritz, Clara, Niklas, Hannah, David, Greta, Stefan, Miriam, Ole'),
    lastNames: words('Schmidt, Weber, Wagner, Becker, Hoffmann, Schäfer, Koch, Richter, Klein, Wolf, Schröder, Neumann, Zimmermann, Krüger, Hartmann, Lange, Vogel, Brandt, Kaiser, Haas, Seidel, Jansen'),
    streets: words('Lindenstraße, Bergweg, Am Mühlenbach, Gartenstraße, Goethestraße, Kastanienallee, Hafenstraße, Ringstraße, Schillerplatz, Wiesengrund'),
    cities: [['Berlin', '', '10437'], ['Hamburg', '', '20359'], ['München', '', '80469'], ['Köln', '', '50674'], ['Leipzig', '', '04107'], ['Freiburg', '', '79098'], ['Bremen', '', '28203']],
  },
  {
    code: 'FR', locale: 'fr-FR', currency: 'EUR', line1: houseFirst, carriers: ['Colissimo', 'Chronopost', 'DPD'],
    phone: (number) => `+336399801${number.slice(1)}`,
    firstNames: words('Camille, Lucas, Léa, Hugo, Chloé, Louis, Manon, Jules, Inès, Gabriel, Zoé, Antoine, Élodie, Mathis, Juliette, Raphaël, Amélie, Théo'),
    lastNames: words('Martin, Bernard, Dubois, Robert, Moreau, Laurent, Simon, Michel, Lefèvre, Roux, Fournier, Girard, Bonnet, Mercier, Blanc, Guérin, Faure, Chevalier'),
    streets: words('rue des Lilas, avenue Victor Hugo, rue du Moulin, boulevard Voltaire, rue de la République, place des Tilleuls, rue Pasteur, quai Saint-Michel'),
    cities: [['Paris', '', '75011'], ['Lyon', '', '69003'], ['Nantes', '', '44000'], ['Toulouse', '', '31000'], ['Lille', '', '59000'], ['Rennes', '', '35000']],
  },
  {
    code: 'IT', locale: 'it-IT', currency: 'EUR', line1: streetFirst, carriers: ['Poste Italiane', 'BRT', 'GLS'],
    phone: (number) => `+393200000${number}`,
    firstNames: words('Giulia, Marco, Francesca, Alessandro, Chiara, Lorenzo, Martina, Matteo, Elena, Davide, Sara, Andrea, Valentina, Riccardo, Beatrice, Tommaso'),
    lastNames: words('Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, Conti, De Luca, Costa, Giordano'),
    streets: words('Via Garibaldi, Via Dante, Corso Italia, Via Mazzini, Viale dei Tigli, Via Roma, Piazza del Popolo, Via San Marco'),
    cities: [['Milano', 'MI', '20121'], ['Torino', 'TO', '10123'], ['Bologna', 'BO', '40126'], ['Firenze', 'FI', '50123'], ['Napoli', 'NA', '80134']],
  },
  {
    code: 'ES', locale: 'es-ES', currency: 'EUR', line1: (street, house) => `${street}, ${house}`, carriers: ['Correos', 'SEUR', 'MRW'],
    phone: (number) => `+34600000${number}`,
    firstNames: words('Lucía, Hugo, Martina, Daniel, Paula, Álvaro, Carmen, Pablo, Alba, Javier, Nuria, Diego, Marta, Sergio, Rocío, Adrián'),
    lastNames: words('García, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Jiménez, Ruiz, Hernández, Díaz, Moreno, Álvarez, Romero, Navarro, Torres'),
    streets: words('Calle Mayor, Calle del Sol, Avenida de la Constitución, Paseo del Prado, Calle Real, Plaza de España, Calle Nueva'),
    cities: [['Madrid', '', '28013'], ['Barcelona', '', '08002'], ['Valencia', '', '46002'], ['Sevilla', '', '41001'], ['Bilbao', '', '48005']],
  },
  {
    code: 'NL', locale: 'nl-NL', currency: 'EUR', line1: streetFirst, carriers: ['PostNL', 'DHL', 'DPD'],
    phone: (number) => `+316000000${number.slice(1)}`,
    firstNames: words('Emma, Daan, Sanne, Bram, Fleur, Thijs, Lotte, Sem, Femke, Jasper, Anouk, Ruben, Iris, Koen'),
    lastNames: words('de Jong, Jansen, de Vries, van den Berg, Bakker, Visser, Smit, Meijer, Mulder, de Groot, Bos, Vos, Peters, Hendriks'),
    streets: words('Kerkstraat, Prinsengracht, Dorpsstraat, Molenweg, Stationsplein, Wilhelminastraat, Beatrixlaan'),
    cities: [['Amsterdam', '', '1016 GA'], ['Utrecht', '', '3511 LN'], ['Rotterdam', '', '3011 AD'], ['Groningen', '', '9711 LM'], ['Haarlem', '', '2011 RD']],
  },
  {
    code: 'GB', locale: 'en-GB', currency: 'GBP', line1: houseFirst, carriers: ['Royal Mail', 'Evri', 'DPD'],
    phone: (number) => `+447700900${number}`,
    firstNames: words('Olivia, Oliver, Amelia, George, Isla, Harry, Ava, Noah, Emily, Jack, Priya, Callum, Grace, Rhys, Aisha, Ewan'),
    lastNames: words('Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Patel, Wright, Walker, Thompson, Hughes, Edwards, Campbell, Murray'),
    streets: words('High Street, Station Road, Church Lane, Victoria Road, Mill Lane, Queensway, Albert Terrace, Orchard Close'),
    cities: [['London', '', 'E2 7DP'], ['Manchester', '', 'M4 1HQ'], ['Bristol', '', 'BS1 4DJ'], ['Edinburgh', '', 'EH1 2NG'], ['Leeds', '', 'LS1 5AB']],
  },
  {
    code: 'US', locale: 'en-US', currency: 'USD', line1: houseFirst, carriers: ['UPS', 'FedEx', 'USPS'],
    phone: (number) => `+120255501${number.slice(1)}`,
    firstNames: words('Ethan, Madison, Mason, Abigail, Logan, Harper, Carter, Zoe, Wyatt, Naomi, Caleb, Maya, Diego, Brooke, Malik, Grace'),
    lastNames: words('Miller, Davis, Anderson, Thomas, Jackson, White, Harris, Clark, Lewis, Robinson, Young, Nguyen, Rivera, Mitchell, Carter, Brooks'),
    streets: words('Maple Avenue, Oak Street, Washington Boulevard, 2nd Avenue, Cedar Lane, Lakeview Drive, Park Place, Sunset Road'),
    cities: [['Portland', 'OR', '97205'], ['Austin', 'TX', '78701'], ['Chicago', 'IL', '60614'], ['Boston', 'MA', '02118'], ['Denver', 'CO', '80203'], ['Seattle', 'WA', '98103']],
  },
  {
    code: 'CA', locale: 'fr-CA', currency: 'CAD', line1: houseFirst, carriers: ['Canada Post', 'Purolator'],
    phone: (number) => `+151455501${number.slice(1)}`,
    firstNames: words('Mathieu, Sarah, Olivier, Noémie, Liam, Jade, William, Rosalie, Xavier, Maude, Félix, Audrey'),
    lastNames: words('Tremblay, Gagnon, Roy, Côté, Bouchard, Gauthier, Morin, Lavoie, Fortin, Gagné, Ouellet, Pelletier'),
    streets: words('rue Sherbrooke, avenue du Parc, rue Saint-Denis, boulevard René-Lévesque, chemin Sainte-Foy, rue des Érables'),
    cities: [['Montréal', 'QC', 'H2X 1Y4'], ['Québec', 'QC', 'G1R 2S5'], ['Laval', 'QC', 'H7N 5N6'], ['Gatineau', 'QC', 'J8X 2H3']],
  },
  {
    code: 'JP', locale: 'ja-JP', currency: 'JPY', line1: houseFirst, carriers: ['Yamato', 'Sagawa', 'Japan Post'],
    phone: (number) => `+819000000${number}`,
    firstNames: words('Haruto, Yui, Sota, Aoi, Ren, Hina, Yuki, Sakura, Kaito, Mei, Riku, Akari'),
    lastNames: words('Sato, Suzuki, Takahashi, Tanaka, Watanabe, Ito, Yamamoto, Nakamura, Kobayashi, Kato, Yoshida, Yamada'),
    streets: words('Sakura-dori, Meiji-dori, Aoyama, Honcho, Chuo, Nakamachi'),
    cities: [['Tokyo', 'Tokyo', '150-0001'], ['Osaka', 'Osaka', '530-0001'], ['Kyoto', 'Kyoto', '600-8216'], ['Sapporo', 'Hokkaido', '060-0042']],
  },
]; // prettier-ignore

/** How often a country comes up. */
export const COUNTRY_WEIGHTS: readonly (readonly [Country, number])[] = COUNTRIES.map((country) => [
  country,
  { DE: 34, FR: 13, IT: 8, ES: 8, NL: 8, GB: 11, US: 10, CA: 4, JP: 4 }[country.code] ?? 1,
]);
