from django.db import migrations, models

# A lock goes with its owner, by whatever way the customer gets another: also by a merging or an undo. Named so that its
# line of the ledger stands before the customer's: an undo, which reads them backwards, gives the owner back first.
# A lock that comes or goes while its owner stays is a line among those of changed hands.
_UNLOCKED = """CREATE FUNCTION guanxi_unlocked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.customers_lock
     WHERE tenant_id = NEW.tenant_id AND customer_id = NEW.id AND member_id IS DISTINCT FROM NEW.owner_id;
    RETURN NULL;
END $$;

CREATE TRIGGER customer_unlocked AFTER UPDATE OF owner_id ON customers_customer
FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
EXECUTE FUNCTION guanxi_unlocked();

CREATE FUNCTION guanxi_locked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one public.customers_lock := coalesce(NEW, OLD);
BEGIN
    INSERT INTO public.customers_transfer (
        tenant_id, id, created_at, customer, former_owner, owner, former_pool, pool, "by", verb, reason, operation
    )
    SELECT c.tenant_id, gen_random_uuid(), clock_timestamp(), c.id, c.owner_id, c.owner_id, c.pool_id, c.pool_id,
           o.actor_id, coalesce(o.verb, ''),
           CASE WHEN TG_OP = 'DELETE' THEN '' ELSE 'locked:' || coalesce(one.until::text, '') END, o.id
      FROM public.customers_customer c
      LEFT JOIN public.ledger_operation o
             ON o.tenant_id = c.tenant_id AND o.id = nullif(current_setting('guanxi.operation', true), '')::uuid
     WHERE c.tenant_id = one.tenant_id AND c.id = one.customer_id AND c.owner_id = one.member_id;
    RETURN NULL;
END $$;

CREATE TRIGGER customer_locked AFTER INSERT OR UPDATE OF until OR DELETE ON customers_lock
FOR EACH ROW WHEN (nullif(current_setting('guanxi.operation', true), '') IS NOT NULL)
EXECUTE FUNCTION guanxi_locked();
"""
_KEPT_NO_MORE = """
DROP TRIGGER customer_locked ON customers_lock;
DROP FUNCTION guanxi_locked();
DROP TRIGGER customer_unlocked ON customers_customer;
DROP FUNCTION guanxi_unlocked();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0015_pools'),
    ]

    operations = [
        migrations.AddField(
            model_name='pool',
            name='locks_a_person',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Locks a person'),
        ),
        migrations.RunSQL(_UNLOCKED, _KEPT_NO_MORE),
    ]
