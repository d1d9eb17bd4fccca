-- Records that hold every one of some words, in any order. As `guanxi_search`: as the owner role, over the company that
-- is open, company and reach before the limits. `grams` are what such a record bears all of, so that the rarest leads;
-- `words` are patterns, looked for in the first `looked` of these: where only a common beginning leads, as with "li wang",
-- a hundred thousand texts would be read for one hit.
CREATE FUNCTION guanxi_search_words(of_resource text, owners uuid[], grams text[], words text[], looked integer, most integer)
RETURNS TABLE (id uuid, title text, detail text, owner_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    company uuid := current_setting('guanxi.tenant')::uuid;
BEGIN
    IF cardinality(guanxi_search_words.grams) > 0 AND cardinality(words) > 0 THEN
        RETURN QUERY
            SELECT f.id, f.title, f.detail, f.owner_id FROM (
                SELECT e.id, e.title::text, e.detail::text, e.owner_id, e.text FROM public.search_entry e
                 WHERE e.tenant_id = company AND e.resource = of_resource AND e.grams @> guanxi_search_words.grams
                   AND (owners IS NULL OR e.owner_id = ANY(owners))
                 LIMIT looked) f
             WHERE f.text LIKE ALL (words)
             LIMIT most;
    END IF;
END $$;
REVOKE ALL ON FUNCTION guanxi_search_words(text, uuid[], text[], text[], integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_search_words(text, uuid[], text[], text[], integer, integer) TO {app};
