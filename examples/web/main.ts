import { IdentityService, type SSOConfiguration, SSOConfigurationState } from "organization-service";
import { createOrganizationClient, fieldViolations, isReason, items, Reason } from "organization-service/client/web";

const { SSO_CONFIGURATION_STATE_ACTIVE: ACTIVE, SSO_CONFIGURATION_STATE_INACTIVE: INACTIVE } = SSOConfigurationState;
const find = <T extends Element = HTMLElement>(selector: string, within: ParentNode = document) =>
  within.querySelector(selector) as T;

let client: ReturnType<typeof createOrganizationClient>;

onSubmit(find("#connection"), "Loading …", async (form) => {
  client = createOrganizationClient({ baseUrl: String(form.get("server")), token: String(form.get("token")) });
  const { organizationId } = await client.service(IdentityService).getAuthenticatedIdentity({});
  const list = find("ul");
  list.replaceChildren();
  for await (const each of items(client.organization.listSSOConfigurations, { organizationId }))
    list.append(show(each));
  return list.childElementCount === 0 ? "There is no provider yet." : `Providers: ${list.childElementCount}`;
});

function show({ id: ssoConfigurationId, displayName, emailDomains, issuerUrl, state }: SSOConfiguration): Node {
  const item = find<HTMLTemplateElement>("template").content.cloneNode(true) as DocumentFragment;
  const field = (name: string) => find<HTMLInputElement>(`[name=${name}]`, item);
  field("displayName").value = displayName;
  field("emailDomains").value = emailDomains.join(", ");
  field("active").checked = state === ACTIVE;
  find("p", item).textContent = issuerUrl;
  onSubmit(find("form", item), "Saving …", async (form) => {
    await client.organization.updateSSOConfiguration({
      ssoConfigurationId,
      displayName: String(form.get("displayName")),
      emailDomains: String(form.get("emailDomains"))
        .split(/[\s,]+/)
        .filter(Boolean),
      state: form.has("active") ? ACTIVE : INACTIVE,
    });
    return "Saved.";
  });
  return item;
}

/** Says on the page what is being done when a form is sent, and what came of it. */
function onSubmit(form: HTMLElement, doing: string, work: (form: FormData) => Promise<string>): void {
  const status = find("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.className = "";
    status.textContent = doing;
    try {
      status.textContent = await work(new FormData(form as HTMLFormElement));
    } catch (error) {
      status.className = "failed";
      status.textContent = explain(error);
    }
  });
}

function explain(error: unknown): string {
  if (isReason(error, Reason.CREDENTIAL_INVALID, Reason.CREDENTIAL_EXPIRED)) return "The token is not good any more.";
  const [violation] = fieldViolations(error);
  return violation ? `${violation.field}: ${violation.message}` : String(error);
}
