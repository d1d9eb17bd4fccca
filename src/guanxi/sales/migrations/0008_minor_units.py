from django.db import migrations

# Until now amounts of sales were hundredths whatever the currency. Of those that could be chosen two have no smaller
# unit: yen and won. Their figures become whole ones, in the rows, in what histories and forecasts read and in the images
# of the ledger, so that what was done before can be undone; what is rounded was never said, for nobody writes half a yen.
# Prices of competitors become ten-thousandths, as all prices are.
_SCALE = """
CREATE FUNCTION pg_temp.whole(image jsonb, names text[], times numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN image IS NULL THEN NULL ELSE image || coalesce((
        SELECT jsonb_object_agg(one.key, round((one.value #>> '{}')::numeric * times)::bigint)
          FROM jsonb_each(image) one WHERE one.key = ANY (names) AND jsonb_typeof(one.value) = 'number'
    ), '{}') END
$$;

-- In which sales amounts are in yen or won, those that are gone among them.
CREATE TEMPORARY TABLE scaled_sale ON COMMIT DROP AS
    SELECT tenant_id, id FROM sales_opportunity WHERE currency IN ('JPY', 'KRW')
    UNION
    SELECT tenant_id, row_id FROM ledger_change
     WHERE table_name = 'sales_opportunity' AND action = 'D' AND old ->> 'currency' IN ('JPY', 'KRW');
CREATE TEMPORARY TABLE scaled_company ON COMMIT DROP AS
    SELECT id AS tenant_id FROM tenancy_tenant WHERE settings ->> 'currency' IN ('JPY', 'KRW');
CREATE TEMPORARY TABLE scaled_line ON COMMIT DROP AS
    SELECT l.tenant_id, l.id FROM sales_line l
      JOIN scaled_sale s ON s.tenant_id = l.tenant_id AND s.id = l.opportunity_id
    UNION
    SELECT c.tenant_id, c.row_id FROM ledger_change c
      JOIN scaled_sale s ON s.tenant_id = c.tenant_id AND s.id = (c.old ->> 'opportunity_id')::uuid
     WHERE c.table_name = 'sales_line' AND c.action = 'D';

SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sales_opportunity DISABLE TRIGGER USER;
ALTER TABLE sales_line DISABLE TRIGGER USER;
ALTER TABLE sales_rival DISABLE TRIGGER USER;
UPDATE sales_opportunity o SET amount = round(amount / 100.0)
  FROM scaled_sale s WHERE s.tenant_id = o.tenant_id AND s.id = o.id AND amount IS NOT NULL;
UPDATE sales_opportunity o SET own_amount = round(own_amount / 100.0)
  FROM scaled_company c WHERE c.tenant_id = o.tenant_id AND own_amount IS NOT NULL;
UPDATE sales_line l SET amount = round(amount / 100.0)
  FROM scaled_line s WHERE s.tenant_id = l.tenant_id AND s.id = l.id AND amount IS NOT NULL;
UPDATE sales_rival SET price = price * 100 WHERE price IS NOT NULL;
ALTER TABLE sales_opportunity ENABLE TRIGGER USER;
ALTER TABLE sales_line ENABLE TRIGGER USER;
ALTER TABLE sales_rival ENABLE TRIGGER USER;

UPDATE sales_move m SET amount = round(amount / 100.0), former_amount = round(former_amount / 100.0)
  FROM scaled_sale s WHERE s.tenant_id = m.tenant_id AND s.id = m.opportunity_id;
UPDATE sales_move m SET own_amount = round(own_amount / 100.0), former_own_amount = round(former_own_amount / 100.0)
  FROM scaled_company c WHERE c.tenant_id = m.tenant_id;

UPDATE ledger_change c SET old = pg_temp.whole(old, '{amount}', 0.01), new = pg_temp.whole(new, '{amount}', 0.01)
  FROM scaled_sale s
 WHERE c.table_name = 'sales_opportunity' AND s.tenant_id = c.tenant_id AND s.id = c.row_id;
UPDATE ledger_change c
   SET old = pg_temp.whole(old, '{own_amount}', 0.01), new = pg_temp.whole(new, '{own_amount}', 0.01)
  FROM scaled_company s WHERE c.table_name = 'sales_opportunity' AND s.tenant_id = c.tenant_id;
UPDATE ledger_change c SET old = pg_temp.whole(old, '{amount}', 0.01), new = pg_temp.whole(new, '{amount}', 0.01)
  FROM scaled_line s WHERE c.table_name = 'sales_line' AND s.tenant_id = c.tenant_id AND s.id = c.row_id;
UPDATE ledger_change SET old = pg_temp.whole(old, '{price}', 100), new = pg_temp.whole(new, '{price}', 100)
 WHERE table_name = 'sales_rival';
SET CONSTRAINTS ALL DEFERRED;
DROP TABLE scaled_sale, scaled_company, scaled_line;
DROP FUNCTION pg_temp.whole(jsonb, text[], numeric);
"""


class Migration(migrations.Migration):
    contract = True
    reason = "Amounts in yen and won are kept in whole ones: the version before would show a hundredth of them."

    dependencies = [("sales", "0007_more_currencies"), ("ledger", "0003_masking"), ("tenancy", "__first__")]

    operations = [migrations.RunSQL(_SCALE, migrations.RunSQL.noop)]
