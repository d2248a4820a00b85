"""The four calls of the public documentation, over Connect and over gRPC, and how an error is read.

It needs ORGANIZATION_SERVICE_URL, TOKEN (of an admin) and ORGANIZATION_ID, and the generated packages on the path.
"""

import os
from urllib.parse import urlsplit

import grpc
from connectrpc.errors import ConnectError
from connectrpc.protocol import ProtocolType
from google.protobuf import duration_pb2
from grpc_status import rpc_status
from pyqwest import HTTPVersion, SyncClient, SyncHTTPTransport

from gitpod.v1 import organization_service_pb2 as pb
from gitpod.v1.organization_service_connect import OrganizationServiceClientSync
from gitpod.v1.organization_service_pb2_grpc import OrganizationServiceStub
from organization.errors.v1 import errors_pb2

URL = os.environ["ORGANIZATION_SERVICE_URL"]
TOKEN = os.environ["TOKEN"]
ORGANIZATION_ID = os.environ["ORGANIZATION_ID"]


class OverConnect:
    """Calls with the generated Connect client, which also speaks gRPC's protocol."""

    error = ConnectError

    def __init__(self, protocol):
        # gRPC needs HTTP/2, here without TLS.
        version = HTTPVersion.HTTP1 if protocol == ProtocolType.CONNECT else HTTPVersion.HTTP2
        http_client = SyncClient(SyncHTTPTransport(http_version=version))
        self.client = OrganizationServiceClientSync(URL, protocol=protocol, http_client=http_client)

    def call(self, method, request):
        return getattr(self.client, method)(request, headers={"Authorization": f"Bearer {TOKEN}"})

    def failure(self, error):
        """Takes an error apart: its code, its reason, and how many rules were broken."""
        details = [(detail.type_name, detail.message_bytes) for detail in error.details]
        return error.code.value, *read(details)


class OverGRPC:
    """Calls with gRPC's own library."""

    error = grpc.RpcError
    methods = {
        "create_sso_configuration": "CreateSSOConfiguration",
        "get_sso_configuration": "GetSSOConfiguration",
        "update_sso_configuration": "UpdateSSOConfiguration",
        "delete_sso_configuration": "DeleteSSOConfiguration",
        "create_scim_configuration": "CreateSCIMConfiguration",
        "update_scim_configuration": "UpdateSCIMConfiguration",
    }

    def __init__(self):
        self.stub = OrganizationServiceStub(grpc.insecure_channel(urlsplit(URL).netloc))

    def call(self, method, request):
        return getattr(self.stub, self.methods[method])(request, metadata=[("authorization", f"Bearer {TOKEN}")])

    def failure(self, error):
        """Takes an error apart: its code, its reason, and how many rules were broken."""
        details = [(each.type_url.split("/")[-1], each.value) for each in rpc_status.from_call(error).details]
        return error.code().name.lower(), *read(details)


def read(details):
    """The reason among the details of an error, and how many rules were broken."""
    reason = errors_pb2.REASON_UNSPECIFIED
    violations = 0
    for name, message in details:
        if name == "organization.errors.v1.ErrorDetail":
            reason = errors_pb2.ErrorDetail.FromString(message).reason
        if name == "buf.validate.Violations":
            violations += 1
    return errors_pb2.Reason.Name(reason), violations


def run(name, client):
    """Makes the four calls, and three that have to be refused."""
    made = client.call(
        "create_sso_configuration",
        pb.CreateSSOConfigurationRequest(
            organization_id=ORGANIZATION_ID,
            client_id="client",
            client_secret="secret",
            issuer_url="https://idp.example.com",
        ),
    )
    sso_id = made.sso_configuration.id

    update = pb.UpdateSSOConfigurationRequest(
        sso_configuration_id=sso_id, client_id="new-client", state=pb.SSO_CONFIGURATION_STATE_INACTIVE
    )
    client.call("update_sso_configuration", update)
    request = pb.GetSSOConfigurationRequest(sso_configuration_id=sso_id)
    read_again = client.call("get_sso_configuration", request).sso_configuration
    assert read_again.client_id == "new-client", read_again
    assert read_again.state == pb.SSO_CONFIGURATION_STATE_INACTIVE, read_again

    scim = client.call(
        "create_scim_configuration",
        pb.CreateSCIMConfigurationRequest(
            organization_id=ORGANIZATION_ID,
            sso_configuration_id=sso_id,
            token_expires_in=duration_pb2.Duration(seconds=7776000),
        ),
    )
    assert scim.token, "there is no token"
    disable = pb.UpdateSCIMConfigurationRequest(scim_configuration_id=scim.scim_configuration.id, enabled=False)
    assert not client.call("update_scim_configuration", disable).scim_configuration.enabled

    unknown = pb.GetSSOConfigurationRequest(sso_configuration_id=ORGANIZATION_ID)
    expect(client, "get_sso_configuration", unknown, ("not_found", "REASON_NOT_FOUND", 0))
    invalid = pb.GetSSOConfigurationRequest(sso_configuration_id="no id")
    expect(client, "get_sso_configuration", invalid, ("invalid_argument", "REASON_REQUEST_INVALID", 1))
    in_use = pb.DeleteSSOConfigurationRequest(sso_configuration_id=sso_id)
    refused = ("failed_precondition", "REASON_SSO_CONFIGURATION_IN_USE", 0)
    expect(client, "delete_sso_configuration", in_use, refused)

    print(f"{name}: four calls, three typed errors")


def expect(client, method, request, wanted):
    try:
        client.call(method, request)
    except client.error as error:
        assert client.failure(error) == wanted, (client.failure(error), wanted)
    else:
        raise AssertionError(f"{method} succeeded, and should have been {wanted}")


run("connect", OverConnect(ProtocolType.CONNECT))
run("connect with gRPC's protocol", OverConnect(ProtocolType.GRPC))
run("grpc", OverGRPC())
