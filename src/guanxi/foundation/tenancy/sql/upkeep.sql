-- Makes the partitions of the months from the given one on; run by the owner at every start and every month.
-- Where a month came before its partition did, its rows lie in the default one and move over. Months are
-- counted in UTC, whatever the session's time zone.
CREATE OR REPLACE FUNCTION guanxi_ledger_partitions(first date, months integer) RETURNS integer
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    starts timestamptz;
    ends timestamptz;
    part text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guanxi_ledger_partitions'));
    FOR i IN 0 .. months - 1 LOOP
        starts := date_trunc('month', first::timestamptz) + make_interval(months => i);
        ends := starts + interval '1 month';
        part := 'ledger_change_' || to_char(starts, 'YYYYMM');
        IF to_regclass(part) IS NULL THEN
            IF EXISTS (SELECT 1 FROM ledger_change_default WHERE at >= starts AND at < ends) THEN
                LOCK TABLE ledger_change IN ACCESS EXCLUSIVE MODE;
                EXECUTE format('CREATE TABLE %I (LIKE ledger_change INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
                EXECUTE format('WITH moved AS (DELETE FROM ledger_change_default WHERE at >= %L AND at < %L '
                               'RETURNING *) INSERT INTO %I SELECT * FROM moved', starts, ends, part);
                EXECUTE format('ALTER TABLE ledger_change ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                               part, starts, ends);
            ELSE
                EXECUTE format('CREATE TABLE %I PARTITION OF ledger_change FOR VALUES FROM (%L) TO (%L)',
                               part, starts, ends);
            END IF;
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger_partitions(date, integer) FROM PUBLIC;

-- What was done to one record, newest first.
CREATE INDEX ledger_operation_record ON ledger_operation (tenant_id, record_id, at DESC) WHERE record_id IS NOT NULL;
