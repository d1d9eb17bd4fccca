-- The erasure of personal data where a row stays: what matches a pattern is written over, in texts and in images.

-- Every string in a document with what matches written over. Keys stay: in an image they are names of columns.
CREATE FUNCTION guanxi_masked(document jsonb, pattern text, mask text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN CASE jsonb_typeof(document)
        WHEN 'string' THEN to_jsonb(regexp_replace(document #>> '{}', pattern, mask, 'gi'))
        WHEN 'array' THEN
            (SELECT coalesce(jsonb_agg(public.guanxi_masked(e.value, pattern, mask) ORDER BY e.ordinality), '[]')
               FROM jsonb_array_elements(document) WITH ORDINALITY e)
        WHEN 'object' THEN
            (SELECT coalesce(jsonb_object_agg(e.key,
                                              public.guanxi_masked(e.value, pattern, mask)), '{}')
               FROM jsonb_each(document) e)
        ELSE document
    END;
END $$;

-- The same in the images of the ledger: of rows whose ids are given, or of every row where `rows` is null.
-- Returns how many images were changed. Runs only inside an operation of the rows' own company.
CREATE FUNCTION guanxi_ledger_mask(rows uuid[], pattern text, mask text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    company uuid := current_setting('guanxi.tenant')::uuid;
    touched integer;
BEGIN
    IF nullif(current_setting('guanxi.operation', true), '') IS NULL THEN
        RAISE EXCEPTION 'erasure outside an operation' USING ERRCODE = 'GX001';
    END IF;
    UPDATE public.ledger_change
       SET old = public.guanxi_masked(old, pattern, mask), new = public.guanxi_masked(new, pattern, mask)
     WHERE tenant_id = company AND (rows IS NULL OR row_id = ANY(rows))
       AND (old::text ~* pattern OR new::text ~* pattern);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger_mask(uuid[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_ledger_mask(uuid[], text, text) TO {app};

-- Takes everything but its keys out of the images of rows, of whatever tables they were, for good.
CREATE FUNCTION guanxi_ledger_strip(rows uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    company uuid := current_setting('guanxi.tenant')::uuid;
    touched integer;
BEGIN
    IF nullif(current_setting('guanxi.operation', true), '') IS NULL THEN
        RAISE EXCEPTION 'erasure outside an operation' USING ERRCODE = 'GX001';
    END IF;
    UPDATE public.ledger_change
       SET old = (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(old) e
                   WHERE e.key IN ('id', 'tenant_id', 'version')),
           new = (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(new) e
                   WHERE e.key IN ('id', 'tenant_id', 'version'))
     WHERE tenant_id = company AND row_id = ANY(rows);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;
REVOKE ALL ON FUNCTION guanxi_ledger_strip(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_ledger_strip(uuid[]) TO {app};
