-- As before, and for applications: whoever they act as may be without a sign-in, and one who has one may be made
-- to change the password without the program noticing.
DROP FUNCTION guanxi_api_token(text);
CREATE FUNCTION guanxi_api_token(of_hash text)
RETURNS TABLE (
    tenant_id uuid, token_id uuid, member_id uuid, account_id uuid, may_write boolean, scopes text,
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
      LEFT JOIN public.accounts_account a ON a.id = m.account_id
      JOIN public.tenancy_tenant c ON c.id = m.tenant_id
     WHERE t.hash = of_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > moment)
       AND m.tenant_id = t.tenant_id AND m.id = t.member_id AND m.left_on IS NULL
       AND CASE WHEN t.purpose = 'application' THEN a.id IS NULL OR a.is_active
                ELSE a.is_active AND NOT a.must_change_password END
    RETURNING t.tenant_id, t.id, m.id, a.id, t.may_write, t.scopes, t.used, (seconds % 60)::integer,
              c.time_zone::text;
END $$;
REVOKE ALL ON FUNCTION guanxi_api_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_api_token(text) TO {app};

-- Every token ends with its member's leaving; another sign-in ends the personal ones only, which were made with it.
CREATE OR REPLACE FUNCTION guanxi_api_tokens_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.integrations_apitoken SET revoked_at = clock_timestamp()
     WHERE tenant_id = NEW.tenant_id AND member_id = NEW.id AND revoked_at IS NULL
       AND (NEW.left_on IS NOT NULL OR purpose = 'personal');
    RETURN NULL;
END $$;
