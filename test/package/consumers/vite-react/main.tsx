import { OrganizationService } from "organization-service";
import { isReason, Reason } from "organization-service/client/web";
import { OrganizationProvider, useItems, useMutation, useQuery, useRefresh } from "organization-service/react";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { calls } from "./calls.ts";
import { client, organizationId } from "./client.ts";

const { listSSOConfigurations, getSSOConfiguration, createSSOConfiguration } = OrganizationService.method;

function List({ choose }: { choose: (id: string) => void }) {
  const { items, query } = useItems(listSSOConfigurations, { organizationId, pagination: { pageSize: 1 } });
  if (!items) return <p>Loading</p>;
  return (
    <>
      <ul>
        {items.map(({ id, displayName }) => (
          <li key={id}>
            <button type="button" onClick={() => choose(id)}>
              {displayName}
            </button>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button type="button" onClick={() => query.fetchNextPage()}>
          More
        </button>
      )}
    </>
  );
}

function Details({ ssoConfigurationId }: { ssoConfigurationId: string }) {
  const { data, error } = useQuery(getSSOConfiguration, { ssoConfigurationId });
  if (isReason(error, Reason.NOT_FOUND)) return <output>It is gone.</output>;
  return <output>{data?.ssoConfiguration?.issuerUrl ?? "Loading"}</output>;
}

function Add() {
  const refresh = useRefresh();
  const { mutate } = useMutation(createSSOConfiguration, { onSuccess: () => refresh(listSSOConfigurations) });
  const add = (form: FormData) => {
    const displayName = String(form.get("name"));
    mutate({ organizationId, displayName, issuerUrl: "https://idp.example.com", clientId: "c", clientSecret: "s" });
  };
  return (
    <form action={add}>
      <input name="name" aria-label="Name" />
      <button type="submit">Add</button>
    </form>
  );
}

function App() {
  const [chosen, choose] = useState<string>();
  return (
    <>
      <List choose={choose} />
      <Add />
      {chosen && <Details ssoConfigurationId={chosen} />}
      <button type="button" onClick={() => choose("01890000-0000-7000-8000-000000000000")}>
        Unknown
      </button>
    </>
  );
}

Object.assign(window, { calls });
createRoot(document.getElementById("root") as HTMLElement).render(
  <OrganizationProvider client={client}>
    <App />
  </OrganizationProvider>,
);
