import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { money, toDecimal } from '@tributary/kit';

import { InvoiceStatus, keptMinor } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import { lineTable, taxSummary } from './invoice-pdf-table.ts';
import type { DocumentLine } from './invoice-pdf-table.ts';

// The document of an invoice. The same invoice gives the same bytes: nothing in it depends on the time or place of rendering.

export interface InvoiceDocument {
  invoice: Invoice;
  lines: readonly DocumentLine[];
}

export type RenderInvoicePdf = (document: InvoiceDocument) => Promise<Buffer>;

const MARGIN = 48;
const FOOTER_HEIGHT = 40;
const TOTALS_WIDTH = 240;
const TOTAL_ROW_HEIGHT = 16;

export function createInvoicePdfRenderer(): RenderInvoicePdf {
  const wideFonts = lazy(() => ({ plain: readFont('DejaVuSans'), bold: readFont('DejaVuSans-Bold') }));
  return async (document) => {
    const { invoice, lines } = document;
    // Loaded with the first document: it takes tens of megabytes, and most processes draw none.
    const { default: PDFDocument } = await import('pdfkit');
    const pdf = new PDFDocument({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER_HEIGHT },
      bufferPages: true,
      info: { Title: `Invoice ${invoice.number}`, Creator: 'Tributary', CreationDate: invoice.updatedAt },
    });
    const { plain, bold } = fitsStandardFonts(document) ? { plain: 'Helvetica', bold: 'Helvetica-Bold' } : wideFonts();
    pdf.registerFont('plain', plain).registerFont('bold', bold);
    writeHeader(pdf, invoice);
    lineTable(pdf, lines);
    writeTotals(pdf, document);
    writeFooters(pdf, invoice);
    return bytesOf(pdf);
  };
}

function writeHeader(pdf: PDFKit.PDFDocument, invoice: Invoice): void {
  pdf.font('bold').fontSize(20).text(`Invoice ${invoice.number}`);
  if (invoice.status === InvoiceStatus.void) pdf.fontSize(11).text('This invoice is void. Nothing is to be paid.');
  pdf.font('plain').fontSize(10).moveDown();
  const facts: [string, string | null][] = [
    ['Date of issue', invoice.issuedOn],
    ['Payable until', invoice.dueOn],
    ['Order', invoice.orderNumber],
  ];
  for (const [label, value] of facts) if (value !== null) pdf.text(`${label}: ${value}`);
  pdf.moveDown().font('bold').text('Bill to').font('plain');
  for (const line of addressLines(invoice)) pdf.text(line);
  pdf.moveDown(2);
}

function addressLines({ billTo }: Invoice): string[] {
  if (billTo === null) return [];
  const { recipient, line1, line2, city, region, postalCode, country } = billTo;
  const place = [postalCode, city].filter(Boolean).join(' ');
  return [recipient, line1, line2, place, region, country].flatMap((line) => line || []);
}

function writeTotals(pdf: PDFKit.PDFDocument, { invoice, lines }: InvoiceDocument): void {
  const amount = (minor: bigint) => `${toDecimal(money(minor, invoice.currency))} ${invoice.currency}`;
  const taxes = taxSummary(lines).map(({ label, amountMinor }): [string, string] => [label, amount(amountMinor)]);
  const rows: [string, string][] = [['Subtotal', amount(invoice.subtotalMinor)], ...taxes];
  const settled: [string, bigint][] = [
    ['Credited', -invoice.creditedMinor],
    ['Received', -keptMinor(invoice)],
  ];
  const closing: [string, string][] = [['Total', amount(invoice.totalMinor)]];
  for (const [label, minor] of settled) if (minor !== 0n) closing.push([label, amount(minor)]);
  if (invoice.status !== InvoiceStatus.void) closing.push(['Amount due', amount(invoice.dueMinor)]);

  if (pdf.y + (rows.length + closing.length + 1) * TOTAL_ROW_HEIGHT > pdf.page.maxY()) pdf.addPage();
  pdf.moveDown();
  const x = pdf.page.width - MARGIN - TOTALS_WIDTH;
  for (const [label, value] of [...rows, ...closing]) {
    const { y } = pdf;
    pdf.font(label === 'Total' || label === 'Amount due' ? 'bold' : 'plain');
    pdf.text(label, x, y, { width: TOTALS_WIDTH / 2 });
    pdf.text(value, x + TOTALS_WIDTH / 2, y, { width: TOTALS_WIDTH / 2, align: 'right' });
    pdf.y = y + TOTAL_ROW_HEIGHT;
  }
}

function writeFooters(pdf: PDFKit.PDFDocument, { number }: Invoice): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Below the margin, so without line breaking, which would open another page.
    const text = `Invoice ${number}, page ${page + 1} of ${count}`;
    pdf
      .font('plain')
      .fontSize(8)
      .text(text, MARGIN, pdf.page.height - MARGIN, { lineBreak: false });
  }
}

// Windows-1252, the encoding of the fonts every PDF reader has. With them a short document has 2 kB; names and texts outside of it,
// from Polish to Greek, take fonts that travel with the document.
const WINDOWS_1252 = /^[\n\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u;

function fitsStandardFonts({ invoice, lines }: InvoiceDocument): boolean {
  const texts = [invoice.number ?? '', invoice.orderNumber ?? '', ...addressLines(invoice)];
  for (const { description, taxes } of lines) texts.push(description, ...taxes.map(({ title }) => title));
  return texts.every((text) => WINDOWS_1252.test(text));
}

const readFont = (name: string) => readFileSync(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function bytesOf(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    pdf.end();
  });
}
