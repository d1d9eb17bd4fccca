-- Search over the company that is open, as the owner role, because row-level security uses no GIN index for
-- the application (array operators are not leakproof). Company and reach are applied before the limit.
-- `anchored` are the grams of a line's beginning, `grams` those of any place; `needle` is checked afterwards.
CREATE INDEX search_entry_grams ON search_entry USING gin (grams) WITH (fastupdate = on);

CREATE FUNCTION guanxi_search(
    of_resource text, owners uuid[], anchored text[], grams text[], needle text, most integer)
RETURNS TABLE (id uuid, title text, detail text, owner_id uuid, place integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    company uuid := current_setting('guanxi.tenant')::uuid;
    found_rows integer;
BEGIN
    IF cardinality(anchored) > 0 THEN
        RETURN QUERY
            SELECT e.id, e.title::text, e.detail::text, e.owner_id, 0 FROM public.search_entry e
             WHERE e.tenant_id = company AND e.resource = of_resource AND e.grams @> anchored
               AND (owners IS NULL OR e.owner_id = ANY(owners))
               AND strpos(E'\n' || e.text, E'\n' || needle) > 0
             LIMIT most;
        GET DIAGNOSTICS found_rows = ROW_COUNT;
        IF found_rows >= most THEN
            RETURN;
        END IF;
    END IF;
    IF cardinality(guanxi_search.grams) > 0 THEN
        RETURN QUERY
            SELECT e.id, e.title::text, e.detail::text, e.owner_id, 1 FROM public.search_entry e
             WHERE e.tenant_id = company AND e.resource = of_resource AND e.grams @> guanxi_search.grams
               AND (owners IS NULL OR e.owner_id = ANY(owners))
               AND strpos(E'\n' || e.text, E'\n' || needle) = 0
               AND strpos(e.text, needle) > 0
             LIMIT most;
    END IF;
END $$;
REVOKE ALL ON FUNCTION guanxi_search(text, uuid[], text[], text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_search(text, uuid[], text[], text[], text, integer) TO {app};
