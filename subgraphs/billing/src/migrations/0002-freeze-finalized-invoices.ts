import type { Migration } from '@tributary/kit/database/migrate';

// A finalized invoice is a legal document: what it demands, from whom and for what never changes; a correction is a credit
// note. What happens to it afterwards (payments, credits, reminders, closing) may be written.

export const freezeFinalizedInvoices: Migration = {
  name: '0002-freeze-finalized-invoices',
  sql: `
CREATE FUNCTION billing.refuse_change_of_finalized_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'invoice % is finalized and cannot be deleted', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'DRAFT' OR
    (NEW.id, NEW.number, NEW.account_id, NEW.customer_id, NEW.organization_id, NEW.partner_organization_id, NEW.order_id,
     NEW.order_number, NEW.currency, NEW.subtotal_minor, NEW.tax_minor, NEW.total_minor, NEW.issued_on, NEW.due_on,
     NEW.bill_to, NEW.created_at)
    IS DISTINCT FROM
    (OLD.id, OLD.number, OLD.account_id, OLD.customer_id, OLD.organization_id, OLD.partner_organization_id, OLD.order_id,
     OLD.order_number, OLD.currency, OLD.subtotal_minor, OLD.tax_minor, OLD.total_minor, OLD.issued_on, OLD.due_on,
     OLD.bill_to, OLD.created_at)
  THEN
    RAISE EXCEPTION 'invoice % is finalized and cannot be changed', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER invoices_finalized BEFORE UPDATE OR DELETE ON billing.invoices
  FOR EACH ROW WHEN (OLD.status <> 'DRAFT') EXECUTE FUNCTION billing.refuse_change_of_finalized_invoice();

-- FOR SHARE waits for a rival that finalizes the invoice right now and then sees what it wrote, and keeps the next rival out until
-- this line is committed. A condition on the status in the WHERE clause would be decided before the wait.
CREATE FUNCTION billing.assert_invoice_is_draft(invoice uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  found_status text;
BEGIN
  SELECT status INTO found_status FROM billing.invoices WHERE id = invoice FOR SHARE;
  IF found_status <> 'DRAFT' THEN
    RAISE EXCEPTION 'invoice % is finalized and its lines cannot be changed', invoice
      USING ERRCODE = 'restrict_violation';
  END IF;
END $$;

CREATE FUNCTION billing.refuse_change_of_finalized_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM billing.assert_invoice_is_draft(OLD.invoice_id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  PERFORM billing.assert_invoice_is_draft(NEW.invoice_id);
  RETURN NEW;
END $$;

CREATE TRIGGER invoice_lines_finalized BEFORE INSERT OR UPDATE OR DELETE ON billing.invoice_lines
  FOR EACH ROW EXECUTE FUNCTION billing.refuse_change_of_finalized_line();

CREATE FUNCTION billing.refuse_change_of_finalized_tax() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM billing.assert_invoice_is_draft(invoice_id) FROM billing.invoice_lines
    WHERE (TG_OP <> 'INSERT' AND id = OLD.invoice_line_id) OR (TG_OP <> 'DELETE' AND id = NEW.invoice_line_id);
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER invoice_line_taxes_finalized BEFORE INSERT OR UPDATE OR DELETE ON billing.invoice_line_taxes
  FOR EACH ROW EXECUTE FUNCTION billing.refuse_change_of_finalized_tax();
`,
};
