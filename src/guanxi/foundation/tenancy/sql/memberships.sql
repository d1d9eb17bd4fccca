-- Which companies an account belongs to; asked at sign-in, before any company is open.
CREATE FUNCTION guanxi_memberships(of_account uuid)
RETURNS TABLE (tenant_id uuid, tenant_name text, member_id uuid, member_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.id, t.name::text, m.id, m.name::text
      FROM public.accounts_member m JOIN public.tenancy_tenant t ON t.id = m.tenant_id
     WHERE m.account_id = of_account AND m.left_on IS NULL
     ORDER BY t.name, t.id
$$;
REVOKE ALL ON FUNCTION guanxi_memberships(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guanxi_memberships(uuid) TO {app};
