-- Whose token this is; asked before any company is open. Counts the call and says how many were made in this minute.
-- Nothing is found where the token was revoked or has expired, or its member left or may not sign in any more.
CREATE INDEX integrations_apitoken_hash ON integrations_apitoken (hash);

CREATE FUNCTION guanxi_api_token(of_hash text)
RETURNS TABLE (
    tenant_id uuid, token_id uuid, member_id uuid, account_id uuid, may_write boolean, codes text,
    used integer, second integer, time_zone text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    seconds bigint := floor(extract(epoch FROM moment));
    this_window bigint := seconds / 60;
BEGIN
    -- A count that a power failure forgets is no harm; waiting for the disk at every call is.
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY
    UPDATE public.integrations_apitoken AS t
       SET "window" = this_window,
           used = CASE WHEN t."window" = this_window THEN t.used + 1 ELSE 1 END,
           last_used_at = moment
      FROM public.accounts_member m
      JOIN public.accounts_account a ON a.id = m.account_id
      JOIN public.tenancy_tenant c ON c.id = m.tenant_id
     WHERE t.hash = of_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > moment)
       AND m.tenant_id = t.tenant_id AND m.id = t.member_id AND m.left_on IS NULL
       AND a.is_active AND NOT a.must_change_password
    RETURNING t.tenant_id, t.id, m.id, a.id, t.may_write, t.codes, t.used, (seconds % 60)::integer,
              c.time_zone::text;
END $$;
REVOKE ALL ON FUNCTION guanxi_api_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_api_token(text) TO {app};

-- A token ends with its member's leaving, by whatever way the row was changed, and does not come back with them.
CREATE FUNCTION guanxi_api_tokens_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.integrations_apitoken SET revoked_at = clock_timestamp()
     WHERE tenant_id = NEW.tenant_id AND member_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guanxi_api_tokens_end() FROM PUBLIC;
CREATE TRIGGER api_tokens_end AFTER UPDATE ON accounts_member FOR EACH ROW
    WHEN ((NEW.left_on IS NOT NULL AND OLD.left_on IS NULL) OR NEW.account_id IS DISTINCT FROM OLD.account_id)
    EXECUTE FUNCTION guanxi_api_tokens_end();
