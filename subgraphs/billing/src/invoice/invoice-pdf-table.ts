import { money, toDecimal } from '@tributary/kit';

import type { InvoiceLineTax, PricedInvoiceLine } from './invoice-line.ts';

// The table of an invoice's lines, over as many pages as it takes, and what is derived from the taxes on them.

export type DocumentLine = PricedInvoiceLine & { taxes: readonly InvoiceLineTax[] };

interface Column {
  title: string;
  width: number;
  align: 'left' | 'right';
  text(line: DocumentLine): string;
}

const amount = (minor: bigint, { currency }: DocumentLine) => toDecimal(money(minor, currency));

const COLUMNS: readonly Column[] = [
  { title: 'No.', width: 28, align: 'left', text: ({ position }) => String(position) },
  { title: 'Description', width: 189, align: 'left', text: ({ description }) => description },
  { title: 'Quantity', width: 48, align: 'right', text: ({ quantity }) => String(quantity) },
  { title: 'Price', width: 64, align: 'right', text: (line) => amount(line.unitPriceMinor, line) },
  { title: 'Discount', width: 56, align: 'right', text: (line) => amount(line.discountMinor, line) },
  { title: 'Tax', width: 50, align: 'right', text: ({ taxes }) => taxes.map(({ rate }) => toPercent(rate)).join(', ') },
  { title: 'Total', width: 64, align: 'right', text: (line) => amount(line.totalMinor, line) },
];
const GAP = 4;
const ROW_PADDING = 5;

export function lineTable(pdf: PDFKit.PDFDocument, lines: readonly DocumentLine[]): void {
  pdf.fontSize(9);
  writeHeading(pdf);
  for (const line of lines) {
    const texts = COLUMNS.map((column) => column.text(line));
    if (pdf.y + rowHeight(pdf, texts) > pdf.page.maxY()) {
      pdf.addPage();
      writeHeading(pdf);
    }
    writeRow(pdf, texts);
  }
}

/** What each tax comes to over all lines, in order of appearance. */
export function taxSummary(lines: readonly DocumentLine[]): { label: string; amountMinor: bigint }[] {
  const sums = new Map<string, bigint>();
  for (const { title, rate, jurisdiction, amountMinor } of lines.flatMap(({ taxes }) => taxes)) {
    const label = `${title} ${toPercent(rate)} (${jurisdiction})`;
    sums.set(label, (sums.get(label) ?? 0n) + amountMinor);
  }
  return [...sums].map(([label, amountMinor]) => ({ label, amountMinor }));
}

/** A decimal fraction as percents, by moving the point: `0.075` is `7.5%`. */
export function toPercent(rate: string): string {
  const [whole = '', fraction = ''] = rate.split('.');
  const digits = fraction.padEnd(2, '0');
  const percent = (whole + digits.slice(0, 2)).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(2).replace(/0+$/, '');
  return `${percent}${rest && `.${rest}`}%`;
}

function writeHeading(pdf: PDFKit.PDFDocument): void {
  pdf.font('bold');
  writeRow(
    pdf,
    COLUMNS.map(({ title }) => title),
  );
  const { left, right } = pdf.page.margins;
  pdf.moveTo(left, pdf.y - ROW_PADDING / 2).lineTo(pdf.page.width - right, pdf.y - ROW_PADDING / 2);
  pdf.lineWidth(0.5).stroke();
  pdf.font('plain');
}

function writeRow(pdf: PDFKit.PDFDocument, texts: readonly string[]): void {
  const { y } = pdf;
  const height = rowHeight(pdf, texts);
  let x = pdf.page.margins.left;
  COLUMNS.forEach(({ width, align }, index) => {
    pdf.text(texts[index]!, x, y, { width: width - GAP, align });
    x += width;
  });
  pdf.x = pdf.page.margins.left;
  pdf.y = y + height;
}

function rowHeight(pdf: PDFKit.PDFDocument, texts: readonly string[]): number {
  const heights = COLUMNS.map(({ width, align }, index) =>
    pdf.heightOfString(texts[index]!, { width: width - GAP, align }),
  );
  return Math.max(...heights) + ROW_PADDING;
}
