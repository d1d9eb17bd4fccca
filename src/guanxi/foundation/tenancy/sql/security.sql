-- What happened to a sign-in is added and read, never changed by the application.
REVOKE UPDATE, DELETE ON accounts_securityevent FROM {app};
-- The companies of one account, over all companies: asked by guanxi_memberships alone.
CREATE INDEX accounts_member_of_account ON accounts_member (account_id) WHERE account_id IS NOT NULL;
