// The four calls of the public documentation, over Connect and over gRPC, and how an error is read.
//
// It needs ORGANIZATION_SERVICE_URL, TOKEN (of an admin) and ORGANIZATION_ID.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"

	"connectrpc.com/connect"
	gitpodv1 "example.com/organization-client/gen/gitpod/v1"
	"example.com/organization-client/gen/gitpod/v1/gitpodv1connect"
	errorsv1 "example.com/organization-client/gen/organization/errors/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// calls is what both protocols can do.
type calls interface {
	createSSO(*gitpodv1.CreateSSOConfigurationRequest) (*gitpodv1.CreateSSOConfigurationResponse, error)
	getSSO(*gitpodv1.GetSSOConfigurationRequest) (*gitpodv1.GetSSOConfigurationResponse, error)
	updateSSO(*gitpodv1.UpdateSSOConfigurationRequest) (*gitpodv1.UpdateSSOConfigurationResponse, error)
	createSCIM(*gitpodv1.CreateSCIMConfigurationRequest) (*gitpodv1.CreateSCIMConfigurationResponse, error)
	updateSCIM(*gitpodv1.UpdateSCIMConfigurationRequest) (*gitpodv1.UpdateSCIMConfigurationResponse, error)
	deleteSSO(*gitpodv1.DeleteSSOConfigurationRequest) (*gitpodv1.DeleteSSOConfigurationResponse, error)
	// failure takes an error apart: its code, its reason, and how many rules were broken.
	failure(error) (code string, reason errorsv1.Reason, violations int)
}

func main() {
	baseURL, token := os.Getenv("ORGANIZATION_SERVICE_URL"), os.Getenv("TOKEN")
	run("connect", overConnect(baseURL, token))
	run("connect with gRPC's protocol", overConnect(baseURL, token, connect.WithGRPC()))
	run("grpc", overGRPC(baseURL, token))
}

// run makes the four calls, and three that have to be refused.
func run(protocol string, client calls) {
	organizationID := os.Getenv("ORGANIZATION_ID")
	made := must(client.createSSO(&gitpodv1.CreateSSOConfigurationRequest{
		OrganizationId: organizationID,
		ClientId:       "client",
		ClientSecret:   "secret",
		IssuerUrl:      "https://idp.example.com",
	}))
	id := made.GetSsoConfiguration().GetId()

	must(client.updateSSO(&gitpodv1.UpdateSSOConfigurationRequest{
		SsoConfigurationId: id,
		ClientId:           proto.String("new-client"),
		State:              gitpodv1.SSOConfigurationState_SSO_CONFIGURATION_STATE_INACTIVE.Enum(),
	}))
	read := must(client.getSSO(&gitpodv1.GetSSOConfigurationRequest{SsoConfigurationId: id})).GetSsoConfiguration()
	check(read.GetClientId() == "new-client", "the client id was not updated")
	check(read.GetState() == gitpodv1.SSOConfigurationState_SSO_CONFIGURATION_STATE_INACTIVE, "the state was not updated")

	scim := must(client.createSCIM(&gitpodv1.CreateSCIMConfigurationRequest{
		OrganizationId:     organizationID,
		SsoConfigurationId: id,
		TokenExpiresIn:     &durationpb.Duration{Seconds: 7776000},
	}))
	check(scim.GetToken() != "", "there is no token")
	updated := must(client.updateSCIM(&gitpodv1.UpdateSCIMConfigurationRequest{
		ScimConfigurationId: scim.GetScimConfiguration().GetId(),
		Enabled:             proto.Bool(false),
	}))
	check(!updated.GetScimConfiguration().GetEnabled(), "the SCIM configuration is still enabled")

	_, err := client.getSSO(&gitpodv1.GetSSOConfigurationRequest{SsoConfigurationId: organizationID})
	expect(client, err, "not_found", errorsv1.Reason_REASON_NOT_FOUND, 0)
	_, err = client.getSSO(&gitpodv1.GetSSOConfigurationRequest{SsoConfigurationId: "no id"})
	expect(client, err, "invalid_argument", errorsv1.Reason_REASON_REQUEST_INVALID, 1)
	_, err = client.deleteSSO(&gitpodv1.DeleteSSOConfigurationRequest{SsoConfigurationId: id})
	expect(client, err, "failed_precondition", errorsv1.Reason_REASON_SSO_CONFIGURATION_IN_USE, 0)

	fmt.Printf("%s: four calls, three typed errors\n", protocol)
}

func expect(client calls, err error, wantCode string, wantReason errorsv1.Reason, wantViolations int) {
	check(err != nil, "the call succeeded, and should have been "+wantCode)
	code, reason, violations := client.failure(err)
	got := fmt.Sprint(code, " ", reason, " ", violations)
	want := fmt.Sprint(wantCode, " ", wantReason, " ", wantViolations)
	check(got == want, "the error is "+got+", and should be "+want)
}

type connectCalls struct {
	client gitpodv1connect.OrganizationServiceClient
}

// overConnect makes a client for Connect, or with an option for gRPC or gRPC-Web.
func overConnect(baseURL, token string, options ...connect.ClientOption) calls {
	authenticate := connect.UnaryInterceptorFunc(func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
			request.Header().Set("Authorization", "Bearer "+token)
			return next(ctx, request)
		}
	})
	protocols := new(http.Protocols)
	if len(options) > 0 {
		// gRPC needs HTTP/2, here without TLS.
		protocols.SetUnencryptedHTTP2(true)
	} else {
		protocols.SetHTTP1(true)
	}
	httpClient := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	options = append(options, connect.WithInterceptors(authenticate))
	return connectCalls{gitpodv1connect.NewOrganizationServiceClient(httpClient, baseURL, options...)}
}

func (c connectCalls) createSSO(request *gitpodv1.CreateSSOConfigurationRequest) (*gitpodv1.CreateSSOConfigurationResponse, error) {
	return unwrap(c.client.CreateSSOConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) getSSO(request *gitpodv1.GetSSOConfigurationRequest) (*gitpodv1.GetSSOConfigurationResponse, error) {
	return unwrap(c.client.GetSSOConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) updateSSO(request *gitpodv1.UpdateSSOConfigurationRequest) (*gitpodv1.UpdateSSOConfigurationResponse, error) {
	return unwrap(c.client.UpdateSSOConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) createSCIM(request *gitpodv1.CreateSCIMConfigurationRequest) (*gitpodv1.CreateSCIMConfigurationResponse, error) {
	return unwrap(c.client.CreateSCIMConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) updateSCIM(request *gitpodv1.UpdateSCIMConfigurationRequest) (*gitpodv1.UpdateSCIMConfigurationResponse, error) {
	return unwrap(c.client.UpdateSCIMConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) deleteSSO(request *gitpodv1.DeleteSSOConfigurationRequest) (*gitpodv1.DeleteSSOConfigurationResponse, error) {
	return unwrap(c.client.DeleteSSOConfiguration(context.Background(), connect.NewRequest(request)))
}

func (c connectCalls) failure(err error) (code string, reason errorsv1.Reason, violations int) {
	var connectErr *connect.Error
	check(errors.As(err, &connectErr), "this is no error of Connect")
	for _, detail := range connectErr.Details() {
		switch detail.Type() {
		case "organization.errors.v1.ErrorDetail":
			var message errorsv1.ErrorDetail
			check(proto.Unmarshal(detail.Bytes(), &message) == nil, "the detail is not readable")
			reason = message.GetReason()
		case "buf.validate.Violations":
			violations++
		}
	}
	return connectErr.Code().String(), reason, violations
}

type grpcCalls struct {
	client gitpodv1.OrganizationServiceClient
	ctx    context.Context
}

// overGRPC makes a client with gRPC's own library.
func overGRPC(baseURL, token string) calls {
	address := must(url.Parse(baseURL)).Host
	connection := must(grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials())))
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
	return grpcCalls{gitpodv1.NewOrganizationServiceClient(connection), ctx}
}

func (c grpcCalls) createSSO(request *gitpodv1.CreateSSOConfigurationRequest) (*gitpodv1.CreateSSOConfigurationResponse, error) {
	return c.client.CreateSSOConfiguration(c.ctx, request)
}

func (c grpcCalls) getSSO(request *gitpodv1.GetSSOConfigurationRequest) (*gitpodv1.GetSSOConfigurationResponse, error) {
	return c.client.GetSSOConfiguration(c.ctx, request)
}

func (c grpcCalls) updateSSO(request *gitpodv1.UpdateSSOConfigurationRequest) (*gitpodv1.UpdateSSOConfigurationResponse, error) {
	return c.client.UpdateSSOConfiguration(c.ctx, request)
}

func (c grpcCalls) createSCIM(request *gitpodv1.CreateSCIMConfigurationRequest) (*gitpodv1.CreateSCIMConfigurationResponse, error) {
	return c.client.CreateSCIMConfiguration(c.ctx, request)
}

func (c grpcCalls) updateSCIM(request *gitpodv1.UpdateSCIMConfigurationRequest) (*gitpodv1.UpdateSCIMConfigurationResponse, error) {
	return c.client.UpdateSCIMConfiguration(c.ctx, request)
}

func (c grpcCalls) deleteSSO(request *gitpodv1.DeleteSSOConfigurationRequest) (*gitpodv1.DeleteSSOConfigurationResponse, error) {
	return c.client.DeleteSSOConfiguration(c.ctx, request)
}

func (c grpcCalls) failure(err error) (code string, reason errorsv1.Reason, violations int) {
	state := status.Convert(err)
	for _, detail := range state.Proto().GetDetails() {
		switch detail.GetTypeUrl() {
		case "type.googleapis.com/organization.errors.v1.ErrorDetail":
			var message errorsv1.ErrorDetail
			check(detail.UnmarshalTo(&message) == nil, "the detail is not readable")
			reason = message.GetReason()
		case "type.googleapis.com/buf.validate.Violations":
			violations++
		}
	}
	return grpcCodes[state.Code()], reason, violations
}

// grpcCodes has the names that Connect gives to gRPC's codes.
var grpcCodes = map[codes.Code]string{
	codes.InvalidArgument:    "invalid_argument",
	codes.NotFound:           "not_found",
	codes.FailedPrecondition: "failed_precondition",
}

func unwrap[T any](response *connect.Response[T], err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func check(holds bool, otherwise string) {
	if !holds {
		log.Fatal(otherwise)
	}
}
