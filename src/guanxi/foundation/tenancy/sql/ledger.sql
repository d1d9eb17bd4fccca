-- The ledger: operations, the changes they made, and how tables changed shape since.
-- Owned by the owner role; the application may add operations and read changes, and nothing else.

CREATE TABLE ledger_operation (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id   uuid,
    door       text NOT NULL,
    verb       text NOT NULL,
    record_id  uuid,
    label      text NOT NULL DEFAULT '',
    summary    jsonb NOT NULL DEFAULT '{}',
    request_id text NOT NULL DEFAULT '',
    undoes_id  uuid,
    undone_by_id uuid,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ledger_operation_at ON ledger_operation (tenant_id, at DESC, id);
CREATE INDEX ledger_operation_actor ON ledger_operation (tenant_id, actor_id, at DESC);
CREATE INDEX ledger_operation_verb ON ledger_operation (tenant_id, verb, at DESC);

CREATE TABLE ledger_change (
    tenant_id    uuid NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL DEFAULT now(),
    operation_id uuid,
    actor_id     uuid,
    door         text NOT NULL,
    table_name   text NOT NULL,
    row_id       uuid NOT NULL,
    action       text NOT NULL,        -- I, U, D
    old          jsonb,                -- U: the columns that changed; D: the whole row
    new          jsonb,                -- U: the columns that changed; I: the whole row
    schema       integer NOT NULL,
    PRIMARY KEY (tenant_id, id, at)
) PARTITION BY RANGE (at);
CREATE INDEX ledger_change_operation ON ledger_change (tenant_id, operation_id, id);
CREATE INDEX ledger_change_row ON ledger_change (tenant_id, row_id, id);
-- The recycle bin: what was deleted, newest first.
CREATE INDEX ledger_change_deleted ON ledger_change (tenant_id, table_name, at DESC) WHERE action = 'D';
CREATE TABLE ledger_change_default PARTITION OF ledger_change DEFAULT;

-- Every change of a business table's shape; the highest id is the schema version that images carry.
CREATE TABLE ledger_schema_change (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    table_name  text NOT NULL,
    kind        text NOT NULL,         -- add, remove, rename (column), table
    column_name text NOT NULL,
    becomes     text NOT NULL
);

ALTER TABLE ledger_operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_operation FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON ledger_operation TO {app}
    USING (tenant_id = current_setting('guanxi.tenant')::uuid)
    WITH CHECK (tenant_id = current_setting('guanxi.tenant')::uuid);
CREATE POLICY owner ON ledger_operation TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON ledger_operation TO {app};
GRANT UPDATE (summary, label, record_id, undone_by_id) ON ledger_operation TO {app};

ALTER TABLE ledger_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_change FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON ledger_change TO {app}
    USING (tenant_id = current_setting('guanxi.tenant')::uuid);
CREATE POLICY owner ON ledger_change TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT ON ledger_change, ledger_schema_change TO {app};

-- Raises the version of a row at every update, whoever writes it and however.
CREATE FUNCTION guanxi_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

-- Writes one change per row. The application cannot write a business row outside an operation; the owner
-- (data migrations) can, and is then shown as such.
CREATE FUNCTION guanxi_ledger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    op  uuid := nullif(current_setting('guanxi.operation', true), '')::uuid;
    who uuid := nullif(current_setting('guanxi.actor', true), '')::uuid;
    via text := coalesce(nullif(current_setting('guanxi.door', true), ''), 'owner');
    before jsonb;
    after  jsonb;
    shape integer;
BEGIN
    IF op IS NULL AND session_user <> current_user THEN
        RAISE EXCEPTION 'a row of % was written outside an operation', TG_ARGV[0]
            USING ERRCODE = 'GX001';
    END IF;
    SELECT coalesce(max(id), 0) INTO shape FROM public.ledger_schema_change;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.ledger_change
            (tenant_id, operation_id, actor_id, door, table_name, row_id, action, new, schema)
        VALUES (NEW.tenant_id, op, who, via, TG_ARGV[0], NEW.id, 'I', to_jsonb(NEW), shape);
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.ledger_change
            (tenant_id, operation_id, actor_id, door, table_name, row_id, action, old, schema)
        VALUES (OLD.tenant_id, op, who, via, TG_ARGV[0], OLD.id, 'D', to_jsonb(OLD), shape);
    ELSE
        before := to_jsonb(OLD) - 'version';
        after := to_jsonb(NEW) - 'version';
        IF before = after THEN
            RETURN NULL;
        END IF;
        SELECT jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, after -> b.key)
          INTO before, after
          FROM jsonb_each(before) AS b
         WHERE b.value IS DISTINCT FROM after -> b.key;
        INSERT INTO public.ledger_change
            (tenant_id, operation_id, actor_id, door, table_name, row_id, action, old, new, schema)
        VALUES (NEW.tenant_id, op, who, via, TG_ARGV[0], NEW.id, 'U', before, after, shape);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger() FROM PUBLIC;

-- Takes values out of the images of a row, for good: the erasure of personal data reaches the ledger.
-- Returns how many images were changed. Runs only inside an operation of the row's own company.
CREATE FUNCTION guanxi_ledger_erase(of_table text, of_row uuid, columns text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    company uuid := current_setting('guanxi.tenant')::uuid;
    touched integer;
BEGIN
    IF nullif(current_setting('guanxi.operation', true), '') IS NULL THEN
        RAISE EXCEPTION 'erasure outside an operation' USING ERRCODE = 'GX001';
    END IF;
    UPDATE public.ledger_change
       SET old = old - columns, new = new - columns
     WHERE tenant_id = company AND table_name = of_table AND row_id = of_row
       AND (old ?| columns OR new ?| columns);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger_erase(text, uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_ledger_erase(text, uuid, text[]) TO {app};

-- Makes the partitions of the months from the given one on; run by the owner at every start.
CREATE FUNCTION guanxi_ledger_partitions(first date, months integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    starts date;
    part text;
    made integer := 0;
BEGIN
    FOR i IN 0 .. months - 1 LOOP
        starts := (date_trunc('month', first) + make_interval(months => i))::date;
        part := 'ledger_change_' || to_char(starts, 'YYYYMM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF ledger_change FOR VALUES FROM (%L) TO (%L)',
                           part, starts, (starts + interval '1 month')::date);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger_partitions(date, integer) FROM PUBLIC;
SELECT guanxi_ledger_partitions(current_date, 4);
