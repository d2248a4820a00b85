import { ServiceError } from "../lib/errors.ts";
import type { Page, PageRequest, SsoConfigurationRecord } from "../storage/storage.ts";
import { domainOfEmail } from "./email-domains.ts";
import type { Environment } from "./environment.ts";
import { checkReturnTo } from "./return-to.ts";

/** A way to sign in. */
export interface Login {
  readonly displayName: string;
  /** Where a browser begins. */
  readonly loginUrl: string;
}

/** For whom ways to sign in are listed. */
export interface LoginFilter {
  readonly inviteId?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * How somebody who is not signed in finds the way in. Anyone may ask, so the answers depend on the domain of an email alone:
 * whether an organization that has proven the domain has an active SSO configuration for it. Who has an account makes no
 * difference. Whoever holds an invite also sees the ways into its organization.
 */
export function createLogins({ storage, settings }: Environment) {
  const NOTHING: Page<SsoConfigurationRecord> = { items: [] };

  async function listServing(email: string, page: PageRequest): Promise<Page<SsoConfigurationRecord>> {
    const domain = domainOfEmail(email);
    return domain === undefined ? NOTHING : storage.read.ssoConfigurations.listServing(domain, page);
  }

  async function listInvited(
    inviteId: string,
    email: string | undefined,
    page: PageRequest,
  ): Promise<Page<SsoConfigurationRecord>> {
    const invite = await storage.read.organizationInvites.find(inviteId);
    if (!invite) return NOTHING;
    const found = await storage.read.ssoConfigurations.listActive(invite.organizationId, page);
    if (!email) return found;
    const domain = domainOfEmail(email) ?? "";
    // Without a domain, a configuration takes everybody whom its provider knows.
    const takes = ({ emailDomains }: SsoConfigurationRecord) =>
      emailDomains.length === 0 || emailDomains.includes(domain);
    return { ...found, items: found.items.filter(takes) };
  }

  function toLogin(configuration: SsoConfigurationRecord, returnTo: string | undefined): Login {
    return {
      displayName: configuration.displayName,
      loginUrl: startUrl(settings.publicUrl, configuration.id, returnTo),
    };
  }

  return {
    /**
     * Where the owner of the email signs in. Of several ways, the oldest.
     * @throws ServiceError `not_found` when there is none, `request_invalid` (return_to).
     */
    async getUrl(email: string, returnTo: string | undefined): Promise<string> {
      if (returnTo !== undefined) checkReturnTo(settings, returnTo);
      const [configuration] = (await listServing(email, { limit: 1 })).items;
      if (!configuration) {
        throw new ServiceError("not_found", "no organization signs people of this email domain in: check the address");
      }
      return startUrl(settings.publicUrl, configuration.id, returnTo);
    },

    /**
     * Every way in which the owner of the email can sign in, oldest first.
     * @throws ServiceError `request_invalid` (return_to).
     */
    async list(email: string, returnTo: string | undefined, page: PageRequest): Promise<Page<Login>> {
      if (returnTo !== undefined) checkReturnTo(settings, returnTo);
      const found = await listServing(email, page);
      return { ...found, items: found.items.map((configuration) => toLogin(configuration, returnTo)) };
    },

    /** The ways of an invite, or of an email, oldest first. Without either there is none: every way is an organization's. */
    async listProviders({ inviteId, email }: LoginFilter, page: PageRequest): Promise<Page<Login>> {
      const found =
        inviteId === undefined ? await listServing(email ?? "", page) : await listInvited(inviteId, email, page);
      return { ...found, items: found.items.map((configuration) => toLogin(configuration, undefined)) };
    },
  };
}

export type Logins = ReturnType<typeof createLogins>;

/** The URL that begins a sign-in through a configuration. */
export function startUrl(publicUrl: string, ssoConfigurationId: string, returnTo: string | undefined): string {
  const start = `${publicUrl}/auth/oidc/start?configuration=${ssoConfigurationId}`;
  return returnTo === undefined ? start : `${start}&return_to=${encodeURIComponent(returnTo)}`;
}
