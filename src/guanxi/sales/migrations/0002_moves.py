from django.db import migrations

# Every change of what forecasts and histories read leaves a line, by whatever way the row was changed: a service, a
# handover, an undo. An archive or backup that comes back (outside every operation) brings its own lines.
_MOVED = """CREATE FUNCTION guanxi_opportunity_moved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone boolean := TG_OP = 'DELETE';
    was public.sales_opportunity;
    now_is public.sales_opportunity;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := OLD; END IF;
    IF NOT gone THEN now_is := NEW; END IF;
    INSERT INTO public.sales_move (
        tenant_id, id, created_at, opportunity_id, former_pipeline, pipeline, former_stage, stage,
        former_state, state, former_amount, amount, former_own_amount, own_amount,
        former_expected_on, expected_on, former_category, category, former_chance, chance,
        former_owner, owner, "by", verb, reason, skipped, operation
    )
    SELECT coalesce(now_is.tenant_id, was.tenant_id), gen_random_uuid(), clock_timestamp(),
           coalesce(now_is.id, was.id), was.pipeline_id, now_is.pipeline_id, was.stage_id, now_is.stage_id,
           coalesce(was.state, ''), CASE WHEN gone THEN 'gone' ELSE now_is.state END,
           was.amount, now_is.amount, was.own_amount, now_is.own_amount,
           was.expected_on, now_is.expected_on, coalesce(was.category, ''), coalesce(now_is.category, ''),
           was.chance, now_is.chance, was.owner_id, now_is.owner_id,
           o.actor_id, coalesce(o.verb, ''), coalesce(o.summary ->> 'reason', ''),
           coalesce(o.summary ->> 'skipped', ''), o.id
      FROM (SELECT nullif(current_setting('guanxi.operation', true), '')::uuid AS id) AS current
      LEFT JOIN public.ledger_operation o
        ON o.tenant_id = coalesce(now_is.tenant_id, was.tenant_id) AND o.id = current.id;
    RETURN NULL;
END $$;

CREATE TRIGGER opportunity_moved AFTER UPDATE ON sales_opportunity
FOR EACH ROW
WHEN (OLD.stage_id IS DISTINCT FROM NEW.stage_id
      OR OLD.state IS DISTINCT FROM NEW.state
      OR OLD.amount IS DISTINCT FROM NEW.amount
      OR OLD.own_amount IS DISTINCT FROM NEW.own_amount
      OR OLD.expected_on IS DISTINCT FROM NEW.expected_on
      OR OLD.category IS DISTINCT FROM NEW.category
      OR OLD.chance IS DISTINCT FROM NEW.chance
      OR OLD.owner_id IS DISTINCT FROM NEW.owner_id)
EXECUTE FUNCTION guanxi_opportunity_moved();

CREATE TRIGGER opportunity_came_or_went AFTER INSERT OR DELETE ON sales_opportunity
FOR EACH ROW
WHEN (nullif(current_setting('guanxi.operation', true), '') IS NOT NULL)
EXECUTE FUNCTION guanxi_opportunity_moved();
"""
_MOVED_NO_MORE = """
DROP TRIGGER opportunity_came_or_went ON sales_opportunity;
DROP TRIGGER opportunity_moved ON sales_opportunity;
DROP FUNCTION guanxi_opportunity_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial"), ("ledger", "0003_masking")]

    operations = [migrations.RunSQL(_MOVED, _MOVED_NO_MORE)]
