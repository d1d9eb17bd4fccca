-- Whose calendar this address shows; asked before any company is open. Counts the reading and says how many were made in
-- this minute. Nothing is found where the member left or may not sign in any more.
CREATE INDEX activities_feed_hash ON activities_feed (hash);

CREATE FUNCTION guanxi_feed(of_hash text)
RETURNS TABLE (tenant_id uuid, member_id uuid, hash text, used integer, second integer, time_zone text, language text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    seconds bigint := floor(extract(epoch FROM moment));
    this_window bigint := seconds / 60;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY
    UPDATE public.activities_feed AS f
       SET "window" = this_window,
           used = CASE WHEN f."window" = this_window THEN f.used + 1 ELSE 1 END,
           last_used_at = moment
      FROM public.accounts_member m
      JOIN public.accounts_account a ON a.id = m.account_id
      JOIN public.tenancy_tenant c ON c.id = m.tenant_id
     WHERE f.hash = of_hash AND m.tenant_id = f.tenant_id AND m.id = f.member_id AND m.left_on IS NULL AND a.is_active
    RETURNING f.tenant_id, m.id, f.hash::text, f.used, (seconds % 60)::integer, c.time_zone::text, a.language::text;
END $$;
REVOKE ALL ON FUNCTION guanxi_feed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_feed(text) TO {app};
