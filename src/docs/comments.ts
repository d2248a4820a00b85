/** The comment of every element of the schema, by its full name: the generated code has none. Made by `npm run docs`. */
export const COMMENTS: Readonly<Record<string, string>> = {
  "gitpod.v1.CodexOpenAIModel": "CodexOpenAIModel is a model that Codex can use.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_UNSPECIFIED": "CODEX_OPEN_AI_MODEL_UNSPECIFIED is no model.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_5": "CODEX_OPEN_AI_MODEL_GPT_5_5 is GPT-5.5.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_4": "CODEX_OPEN_AI_MODEL_GPT_5_4 is GPT-5.4.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_4_MINI":
    "CODEX_OPEN_AI_MODEL_GPT_5_4_MINI is GPT-5.4 mini, which is no longer offered.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_3_CODEX":
    "CODEX_OPEN_AI_MODEL_GPT_5_3_CODEX is GPT-5.3 Codex, which is no longer offered.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_3_CODEX_SPARK":
    "CODEX_OPEN_AI_MODEL_GPT_5_3_CODEX_SPARK is GPT-5.3 Codex Spark, which is no longer offered.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_2":
    "CODEX_OPEN_AI_MODEL_GPT_5_2 is GPT-5.2, which is no longer offered.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_6_SOL": "CODEX_OPEN_AI_MODEL_GPT_5_6_SOL is GPT-5.6 Sol.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_6_TERRA": "CODEX_OPEN_AI_MODEL_GPT_5_6_TERRA is GPT-5.6 Terra.",
  "gitpod.v1.CodexOpenAIModel.CODEX_OPEN_AI_MODEL_GPT_5_6_LUNA": "CODEX_OPEN_AI_MODEL_GPT_5_6_LUNA is GPT-5.6 Luna.",
  "gitpod.v1.CodexReasoningEffort": "CodexReasoningEffort is how long Codex thinks.",
  "gitpod.v1.CodexReasoningEffort.CODEX_REASONING_EFFORT_UNSPECIFIED":
    "CODEX_REASONING_EFFORT_UNSPECIFIED is no choice.",
  "gitpod.v1.CodexReasoningEffort.CODEX_REASONING_EFFORT_LOW": "CODEX_REASONING_EFFORT_LOW is short.",
  "gitpod.v1.CodexReasoningEffort.CODEX_REASONING_EFFORT_MEDIUM":
    "CODEX_REASONING_EFFORT_MEDIUM is between short and long.",
  "gitpod.v1.CodexReasoningEffort.CODEX_REASONING_EFFORT_HIGH": "CODEX_REASONING_EFFORT_HIGH is long.",
  "gitpod.v1.CodexReasoningEffort.CODEX_REASONING_EFFORT_EXTRA_HIGH":
    "CODEX_REASONING_EFFORT_EXTRA_HIGH is as long as it can.",
  "gitpod.v1.CodexServiceTier": "CodexServiceTier is how soon Codex is served.",
  "gitpod.v1.CodexServiceTier.CODEX_SERVICE_TIER_UNSPECIFIED": "CODEX_SERVICE_TIER_UNSPECIFIED is the usual way.",
  "gitpod.v1.CodexServiceTier.CODEX_SERVICE_TIER_FAST": "CODEX_SERVICE_TIER_FAST is before others.",
  "gitpod.v1.KernelControlsAction":
    "KernelControlsAction is what happens when something forbidden is tried in an environment.",
  "gitpod.v1.KernelControlsAction.KERNEL_CONTROLS_ACTION_UNSPECIFIED":
    "KERNEL_CONTROLS_ACTION_UNSPECIFIED is no decision.",
  "gitpod.v1.KernelControlsAction.KERNEL_CONTROLS_ACTION_BLOCK": "KERNEL_CONTROLS_ACTION_BLOCK means that it fails.",
  "gitpod.v1.KernelControlsAction.KERNEL_CONTROLS_ACTION_AUDIT":
    "KERNEL_CONTROLS_ACTION_AUDIT means that it is recorded.",
  "gitpod.v1.AdmissionLevel": "AdmissionLevel is who may reach a port of an environment.",
  "gitpod.v1.AdmissionLevel.ADMISSION_LEVEL_UNSPECIFIED": "ADMISSION_LEVEL_UNSPECIFIED is no decision.",
  "gitpod.v1.AdmissionLevel.ADMISSION_LEVEL_OWNER_ONLY":
    "ADMISSION_LEVEL_OWNER_ONLY is its owner. ADMISSION_LEVEL_CREATOR_ONLY replaces it.",
  "gitpod.v1.AdmissionLevel.ADMISSION_LEVEL_EVERYONE": "ADMISSION_LEVEL_EVERYONE is everybody on the network.",
  "gitpod.v1.AdmissionLevel.ADMISSION_LEVEL_ORGANIZATION":
    "ADMISSION_LEVEL_ORGANIZATION is members of the organization.",
  "gitpod.v1.AdmissionLevel.ADMISSION_LEVEL_CREATOR_ONLY": "ADMISSION_LEVEL_CREATOR_ONLY is who made the environment.",
  "gitpod.v1.VetoFileSurface": "VetoFileSurface is what may not be done with a file.",
  "gitpod.v1.VetoFileSurface.VETO_FILE_SURFACE_UNSPECIFIED": "VETO_FILE_SURFACE_UNSPECIFIED is no decision.",
  "gitpod.v1.VetoFileSurface.VETO_FILE_SURFACE_ACCESS": "VETO_FILE_SURFACE_ACCESS is any access.",
  "gitpod.v1.VetoFileSurface.VETO_FILE_SURFACE_CONTENT_MUTATION":
    "VETO_FILE_SURFACE_CONTENT_MUTATION is changing its content.",
  "gitpod.v1.VetoFileSurface.VETO_FILE_SURFACE_CONTENT_READ": "VETO_FILE_SURFACE_CONTENT_READ is reading its content.",
  "gitpod.v1.LoginProviderKind": "LoginProviderKind is a way to sign in.",
  "gitpod.v1.LoginProviderKind.LOGIN_PROVIDER_KIND_UNSPECIFIED": "LOGIN_PROVIDER_KIND_UNSPECIFIED is any way.",
  "gitpod.v1.LoginProviderKind.LOGIN_PROVIDER_KIND_SSO":
    "LOGIN_PROVIDER_KIND_SSO is through an SSO configuration of an organization.",
  "gitpod.v1.LoginProviderKind.LOGIN_PROVIDER_KIND_GITHUB":
    "LOGIN_PROVIDER_KIND_GITHUB is through GitHub. This server does not offer it.",
  "gitpod.v1.LoginProviderKind.LOGIN_PROVIDER_KIND_GOOGLE":
    "LOGIN_PROVIDER_KIND_GOOGLE is through Google. This server does not offer it.",
  "gitpod.v1.LoginProviderKind.LOGIN_PROVIDER_KIND_MAGICLINK":
    "LOGIN_PROVIDER_KIND_MAGICLINK is through a link in an email. This server does not offer it.",
  "gitpod.v1.PaginationRequest": "PaginationRequest is which page of a list is asked for.",
  "gitpod.v1.PaginationRequest.page_size":
    "page_size is how many results the page may hold, from 0 to 100. 0 means 25.",
  "gitpod.v1.PaginationRequest.token":
    "token is the `next_token` of the page before. It is opaque, belongs to the method and the filter that it came from, and grants nothing. Empty asks for the first page.",
  "gitpod.v1.PaginationResponse": "PaginationResponse is how to ask for the next page of a list.",
  "gitpod.v1.PaginationResponse.next_token":
    "next_token is what to send as `token` for the next page. Empty on the last page.",
  "gitpod.v1.Sort": "Sort is the order of a list.",
  "gitpod.v1.Sort.field":
    "field is the field to sort by, in its JSON spelling, for instance `createdAt`. Each list documents the ones that it knows. Empty means the list's own default.",
  "gitpod.v1.Sort.order": "order is the direction. SORT_ORDER_UNSPECIFIED means the list's own default.",
  "gitpod.v1.CountRequest": "CountRequest is whether a list should say how many results there are in all.",
  "gitpod.v1.CountRequest.include":
    "include is whether to count. Off by default, since counting costs more than reading a page.",
  "gitpod.v1.CountResponse": "CountResponse is how many results a list has in all, over all its pages.",
  "gitpod.v1.CountResponse.value": "value is the number of results. It is exact up to 1,000, and not higher than that.",
  "gitpod.v1.CountResponse.relation": "relation is whether value is the exact number, or a lower bound.",
  "gitpod.v1.SortOrder": "SortOrder is the direction of a list.",
  "gitpod.v1.SortOrder.SORT_ORDER_UNSPECIFIED": "SORT_ORDER_UNSPECIFIED is the default of the list.",
  "gitpod.v1.SortOrder.SORT_ORDER_ASC":
    "SORT_ORDER_ASC is from the smallest to the largest, or from the oldest to the newest.",
  "gitpod.v1.SortOrder.SORT_ORDER_DESC":
    "SORT_ORDER_DESC is from the largest to the smallest, or from the newest to the oldest.",
  "gitpod.v1.CountResponseRelation": "CountResponseRelation is how a counted number relates to the true one.",
  "gitpod.v1.CountResponseRelation.COUNT_RESPONSE_RELATION_UNSPECIFIED":
    "COUNT_RESPONSE_RELATION_UNSPECIFIED is never sent.",
  "gitpod.v1.CountResponseRelation.COUNT_RESPONSE_RELATION_EQ":
    "COUNT_RESPONSE_RELATION_EQ means that the number is exact.",
  "gitpod.v1.CountResponseRelation.COUNT_RESPONSE_RELATION_GTE":
    "COUNT_RESPONSE_RELATION_GTE means that there are at least as many.",
  "organization.options.v1.Permission": "Permission is what a caller needs in order to call a method.",
  "organization.options.v1.Permission.caller":
    "caller is the least that the caller must be. The callers above it may call the method too.",
  "organization.options.v1.Permission.access":
    "access is whether the method only reads. A read-only token reaches nothing else.",
  "organization.options.v1.Caller":
    "Caller is the kind of caller that a method asks for, from the weakest to the strongest. An operator may call whatever the others may, except methods that act for a person.",
  "organization.options.v1.Caller.CALLER_UNSPECIFIED":
    "CALLER_UNSPECIFIED is no declaration. The server does not start with it.",
  "organization.options.v1.Caller.CALLER_ANYONE":
    "CALLER_ANYONE is everybody on the network: no credential is needed, and one that is sent is not looked at.",
  "organization.options.v1.Caller.CALLER_USER": "CALLER_USER is any authenticated caller, who acts on what is its own.",
  "organization.options.v1.Caller.CALLER_MEMBER":
    "CALLER_MEMBER is an active member of the organization that the call is about.",
  "organization.options.v1.Caller.CALLER_ADMIN":
    "CALLER_ADMIN is an active member of the organization with the role of an admin.",
  "organization.options.v1.Caller.CALLER_OPERATOR":
    "CALLER_OPERATOR is whoever runs the server, with a token made on its command line.",
  "organization.options.v1.Access": "Access is whether a method changes anything.",
  "organization.options.v1.Access.ACCESS_UNSPECIFIED":
    "ACCESS_UNSPECIFIED is no declaration. The server does not start with it.",
  "organization.options.v1.Access.ACCESS_READ": "ACCESS_READ is a method that changes nothing that a caller could see.",
  "organization.options.v1.Access.ACCESS_WRITE":
    "ACCESS_WRITE is a method that changes something, or that hands out something that lets its holder do so.",
  "organization.options.v1.permission":
    "permission is who may call the method, and whether a read-only token may. Required on every method.",
  "organization.options.v1.audit":
    "audit is the name of the action in the audit log, as `noun.verb`, for instance `sso_configuration.update`. Set on every method that changes something, empty on every other one.",
  "gitpod.v1.IdentityService":
    "IdentityService tells a caller who it is, and hands out tokens for others to check.\n\nAny method can fail as OrganizationService says.",
  "gitpod.v1.IdentityService.GetIDToken":
    "GetIDToken returns a JWT that says who the caller is, for the audiences that are asked for. It is signed with ES256, good for 10 minutes, and anybody can verify it with the keys of the server's discovery document, `<public URL>/.well-known/openid-configuration`. A read-only token does not get one, since others may let its holder do more than read.\n\nIts claims are `iss` (the public URL), `sub` (as the organization's OIDC config says), `aud`, `iat`, `exp`, `jti`, `organization_id`, `user_id`, `account_id`, and, where they are known, `email` with `email_verified`, and `name`. It says nothing of what the person may do.\n\nPermission: user. The operator is no person, and gets none.\n\nErrors: `failed_precondition` for the operator.",
  "gitpod.v1.IdentityService.GetAuthenticatedIdentity":
    "GetAuthenticatedIdentity returns who the caller is, and in which organization it acts.\n\nPermission: user.\n\nErrors: none of its own.",
  "gitpod.v1.IdentityService.ExchangeToken":
    "ExchangeToken turns a one-time token, which a sign-in has handed to a program, into an access token.\n\nPermission: anyone. The exchange token is the credential.\n\nErrors: `unauthenticated` when the exchange token was used, has run out, or never existed.",
  "gitpod.v1.GetIDTokenRequest": "GetIDTokenRequest is for whom the token is meant.",
  "gitpod.v1.GetIDTokenRequest.audience":
    "audience is who should accept the token: at least one and at most 32, each of at most 1000 characters.",
  "gitpod.v1.GetIDTokenRequest.version":
    "version is accepted and means nothing: the organization's OIDC config says what form the token has.",
  "gitpod.v1.GetIDTokenResponse": "GetIDTokenResponse is the token.",
  "gitpod.v1.GetIDTokenResponse.token": "token is the JWT.",
  "gitpod.v1.GetAuthenticatedIdentityRequest":
    "GetAuthenticatedIdentityRequest is empty: the credential says who asks.",
  "gitpod.v1.GetAuthenticatedIdentityResponse": "GetAuthenticatedIdentityResponse is who the caller is.",
  "gitpod.v1.GetAuthenticatedIdentityResponse.subject": "subject is the caller.",
  "gitpod.v1.GetAuthenticatedIdentityResponse.organization_id":
    "organization_id is the organization in which the caller acts. Empty for an operator who names none.",
  "gitpod.v1.GetAuthenticatedIdentityResponse.organization_tier":
    "organization_tier is the plan of that organization, as the name of a value of OrganizationTier.",
  "gitpod.v1.ExchangeTokenRequest": "ExchangeTokenRequest is what a sign-in has handed over.",
  "gitpod.v1.ExchangeTokenRequest.exchange_token":
    "exchange_token is the one-time token: the code that the sign-in has handed over, a dot, and the verifier (RFC 7636) of the challenge that the program began with.",
  "gitpod.v1.ExchangeTokenResponse": "ExchangeTokenResponse is the credential that the program goes on with.",
  "gitpod.v1.ExchangeTokenResponse.access_token":
    "access_token is a bearer token for this API: a personal access token of the person who signed in, good for 90 days.",
  "gitpod.v1.Subject": "Subject is somebody who acts, or is acted upon.",
  "gitpod.v1.Subject.id": "id is the id of the subject: for a user the user id. Empty for one who has none.",
  "gitpod.v1.Subject.principal": "principal is what kind of subject it is.",
  "gitpod.v1.Principal": "Principal is a kind of subject.",
  "gitpod.v1.Principal.PRINCIPAL_UNSPECIFIED": "PRINCIPAL_UNSPECIFIED is no kind.",
  "gitpod.v1.Principal.PRINCIPAL_ACCOUNT": "PRINCIPAL_ACCOUNT is an account: a person, outside of any organization.",
  "gitpod.v1.Principal.PRINCIPAL_USER": "PRINCIPAL_USER is a user: a person in an organization.",
  "gitpod.v1.Principal.PRINCIPAL_RUNNER": "PRINCIPAL_RUNNER is a runner, which this server does not have.",
  "gitpod.v1.Principal.PRINCIPAL_ENVIRONMENT":
    "PRINCIPAL_ENVIRONMENT is an environment, which this server does not have.",
  "gitpod.v1.Principal.PRINCIPAL_SERVICE_ACCOUNT":
    "PRINCIPAL_SERVICE_ACCOUNT is a machine. The operator, a SCIM client and the server itself appear as one.",
  "gitpod.v1.Principal.PRINCIPAL_RUNNER_MANAGER":
    "PRINCIPAL_RUNNER_MANAGER is a runner manager, which this server does not have.",
  "gitpod.v1.IDTokenVersion": "IDTokenVersion is the form of an ID token that older clients ask for.",
  "gitpod.v1.IDTokenVersion.ID_TOKEN_VERSION_UNSPECIFIED": "ID_TOKEN_VERSION_UNSPECIFIED is no wish.",
  "gitpod.v1.IDTokenVersion.ID_TOKEN_VERSION_V1": "ID_TOKEN_VERSION_V1 is a form that this server does not have.",
  "gitpod.v1.IDTokenVersion.ID_TOKEN_VERSION_V2":
    "ID_TOKEN_VERSION_V2 is a form that this server chooses by the organization's OIDC config.",
  "gitpod.v1.UserService":
    "UserService manages users, which are the memberships of persons in organizations, and their personal access tokens.\n\nAny method can fail as OrganizationService says.",
  "gitpod.v1.UserService.GetAuthenticatedUser":
    "GetAuthenticatedUser returns the caller as a user of the organization in which it acts.\n\nPermission: user. The operator is no person, and has none.\n\nErrors: `failed_precondition` for the operator.",
  "gitpod.v1.UserService.GetUser":
    "GetUser returns one user of the caller's organization.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.UserService.SetSuspended":
    "SetSuspended suspends a user, or lifts a suspension that an admin has set. The tokens and sessions of a suspended user stop working at once; one that an identity provider has suspended stays so until the provider lifts it.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the last admin would be gone, or the user has left.",
  "gitpod.v1.UserService.DeleteUser":
    "DeleteUser removes a user from the organization, with the user's tokens and sessions. The account stays.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the last admin would be gone.",
  "gitpod.v1.UserService.CreatePersonalAccessToken":
    "CreatePersonalAccessToken makes a token with which a program can act as the user, and returns it, this once. The user can be any of the caller's own, also one in another organization.\n\nPermission: user. Nobody makes a token for somebody else.\n\nErrors: `not_found` when the user is not one of the caller's own; `failed_precondition` for the operator; `invalid_argument` when the lifetime is out of range.",
  "gitpod.v1.UserService.GetPersonalAccessToken":
    "GetPersonalAccessToken returns what is known of a token, without the token itself.\n\nPermission: user, for tokens of their own; admin, for every token of the organization.\n\nErrors: `not_found`.",
  "gitpod.v1.UserService.ListPersonalAccessTokens":
    "ListPersonalAccessTokens returns a page of tokens, the newest first: of the caller, or for an admin of everybody in the organization.\n\nPermission: user, for tokens of their own; admin, for every token of the organization.\n\nErrors: `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.UserService.DeletePersonalAccessToken":
    "DeletePersonalAccessToken revokes a token. It stops working at once.\n\nPermission: user, for tokens of their own; admin, for every token of the organization.\n\nErrors: `not_found`.",
  "gitpod.v1.GetAuthenticatedUserRequest": "GetAuthenticatedUserRequest is empty: the credential says who asks.",
  "gitpod.v1.GetAuthenticatedUserResponse": "GetAuthenticatedUserResponse is the caller.",
  "gitpod.v1.GetAuthenticatedUserResponse.user": "user is the caller as a user.",
  "gitpod.v1.GetUserRequest": "GetUserRequest is which user to read.",
  "gitpod.v1.GetUserRequest.user_id": "user_id is the id of the user.",
  "gitpod.v1.GetUserResponse": "GetUserResponse is one user.",
  "gitpod.v1.GetUserResponse.user": "user is the user.",
  "gitpod.v1.SetSuspendedRequest": "SetSuspendedRequest is which user to suspend, or to let in again.",
  "gitpod.v1.SetSuspendedRequest.user_id": "user_id is the id of the user.",
  "gitpod.v1.SetSuspendedRequest.suspended": "suspended is whether the user is suspended from now on.",
  "gitpod.v1.SetSuspendedResponse": "SetSuspendedResponse is empty: the user is as it was asked for.",
  "gitpod.v1.DeleteUserRequest": "DeleteUserRequest is which user to remove.",
  "gitpod.v1.DeleteUserRequest.user_id": "user_id is the id of the user.",
  "gitpod.v1.DeleteUserResponse": "DeleteUserResponse is empty: the user is gone.",
  "gitpod.v1.CreatePersonalAccessTokenRequest": "CreatePersonalAccessTokenRequest is what a new token is made of.",
  "gitpod.v1.CreatePersonalAccessTokenRequest.user_id": "user_id is the user as whom the token acts.",
  "gitpod.v1.CreatePersonalAccessTokenRequest.description":
    "description is what the token is for, in words of the caller's. Empty means none.",
  "gitpod.v1.CreatePersonalAccessTokenRequest.valid_for":
    "valid_for is how long the token works, up to 7776000s (90 days). Absent, and 0s, mean that long.",
  "gitpod.v1.CreatePersonalAccessTokenRequest.read_only":
    "read_only is whether the token may only call methods that read.",
  "gitpod.v1.CreatePersonalAccessTokenResponse": "CreatePersonalAccessTokenResponse is the new token.",
  "gitpod.v1.CreatePersonalAccessTokenResponse.token":
    "token is the bearer token. It is shown this once: the server keeps only a hash of it.",
  "gitpod.v1.GetPersonalAccessTokenRequest": "GetPersonalAccessTokenRequest is which token to read about.",
  "gitpod.v1.GetPersonalAccessTokenRequest.personal_access_token_id":
    "personal_access_token_id is the id of the token.",
  "gitpod.v1.GetPersonalAccessTokenResponse": "GetPersonalAccessTokenResponse is what is known of one token.",
  "gitpod.v1.GetPersonalAccessTokenResponse.pat": "pat is what is known of it.",
  "gitpod.v1.ListPersonalAccessTokensRequest": "ListPersonalAccessTokensRequest is which tokens to list.",
  "gitpod.v1.ListPersonalAccessTokensRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListPersonalAccessTokensRequest.filter":
    "filter is which tokens to keep. Absent keeps all that the caller may see.",
  "gitpod.v1.ListPersonalAccessTokensRequest.Filter": "Filter is which tokens to keep.",
  "gitpod.v1.ListPersonalAccessTokensRequest.Filter.user_ids":
    "user_ids keeps tokens of these users. At most 25. Empty keeps all that the caller may see.",
  "gitpod.v1.ListPersonalAccessTokensResponse":
    "ListPersonalAccessTokensResponse is a page of what is known of tokens.",
  "gitpod.v1.ListPersonalAccessTokensResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListPersonalAccessTokensResponse.personal_access_tokens":
    "personal_access_tokens is the page, the newest token first. Empty when there is nothing more.",
  "gitpod.v1.DeletePersonalAccessTokenRequest": "DeletePersonalAccessTokenRequest is which token to revoke.",
  "gitpod.v1.DeletePersonalAccessTokenRequest.personal_access_token_id":
    "personal_access_token_id is the id of the token.",
  "gitpod.v1.DeletePersonalAccessTokenResponse": "DeletePersonalAccessTokenResponse is empty: the token is gone.",
  "gitpod.v1.User": "User is a person in an organization.",
  "gitpod.v1.User.id": "id is the id of the user. One person has another one in each organization.",
  "gitpod.v1.User.organization_id": "organization_id is the organization.",
  "gitpod.v1.User.name": "name is the person's name.",
  "gitpod.v1.User.avatar_url": "avatar_url is a picture. Empty when there is none.",
  "gitpod.v1.User.created_at": "created_at is when the user was made.",
  "gitpod.v1.User.status": "status is whether the user can act.",
  "gitpod.v1.User.email": "email is the person's email.",
  "gitpod.v1.PersonalAccessToken":
    "PersonalAccessToken is what is known of a token. The token itself is never part of it.",
  "gitpod.v1.PersonalAccessToken.id": "id is the id of the token, which is none of its secret.",
  "gitpod.v1.PersonalAccessToken.user_id": "user_id is the user as whom it acts.",
  "gitpod.v1.PersonalAccessToken.description": "description is what it is for.",
  "gitpod.v1.PersonalAccessToken.creator": "creator is who made it.",
  "gitpod.v1.PersonalAccessToken.created_at": "created_at is when it was made.",
  "gitpod.v1.PersonalAccessToken.expires_at": "expires_at is when it stops working.",
  "gitpod.v1.PersonalAccessToken.last_used":
    "last_used is when it was last used, to within a few minutes. Absent when it never was.",
  "gitpod.v1.PersonalAccessToken.read_only": "read_only is whether it may only call methods that read.",
  "gitpod.v1.UserStatus": "UserStatus is whether a user can act.",
  "gitpod.v1.UserStatus.USER_STATUS_UNSPECIFIED": "USER_STATUS_UNSPECIFIED is never sent.",
  "gitpod.v1.UserStatus.USER_STATUS_ACTIVE": "USER_STATUS_ACTIVE means that the user can.",
  "gitpod.v1.UserStatus.USER_STATUS_SUSPENDED":
    "USER_STATUS_SUSPENDED means that the user cannot, until an admin or the identity provider lifts it.",
  "gitpod.v1.UserStatus.USER_STATUS_LEFT": "USER_STATUS_LEFT means that the user is no longer in the organization.",
  "gitpod.v1.OrganizationService":
    "OrganizationService manages organizations: who belongs to them, through which identity providers they sign in (SSO configurations), and which directories provision them (SCIM configurations).\n\nAny method can fail with `invalid_argument` (a field breaks its rule, and the details name it), `unauthenticated` (no credential, or one that is not good), `permission_denied` (the caller is less than the method asks for, or its token may only read), `not_found` (there is nothing with this id in an organization that the caller belongs to), `resource_exhausted` (too many calls), `unavailable` and `deadline_exceeded`. The comments of the methods name what is special to them. Every error carries an organization.errors.v1.ErrorDetail with its reason.",
  "gitpod.v1.OrganizationService.CreateOrganization":
    "CreateOrganization makes an organization. The caller can become its first member, as an admin, in the same call.\n\nPermission: user, where whoever runs the server allows it. The operator can make one, and cannot join it.\n\nErrors: `permission_denied` when users may not make organizations; `failed_precondition` when the operator asks to join, or when accounts of the caller's domain should get in and that is a public mail provider's.",
  "gitpod.v1.OrganizationService.JoinOrganization":
    "JoinOrganization makes the caller a member of an organization: by its id, when the domain of the caller's email is one of its invite domains, or by an invite. For the first, the email has to be proven: the caller's own organization vouches for it, and has verified the domain. Who has left comes back by an invite alone.\n\nPermission: user. The operator is no person, and cannot join.\n\nErrors: `invalid_argument` when neither id is given; `not_found` when there is no such organization or invite, or the caller's email does not open the organization; `failed_precondition` when the caller is suspended there, has left it and comes without an invite, or it takes only provisioned users; `already_exists` when the caller is a member.",
  "gitpod.v1.OrganizationService.GetOrganization":
    "GetOrganization returns one organization.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.UpdateOrganization":
    "UpdateOrganization renames an organization, replaces its invite domains, or both. A call with nothing set succeeds and changes nothing.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when the name is empty or longer than 255 characters, or a domain is given twice; `failed_precondition` when a domain is a public mail provider's, by which nobody could join.",
  "gitpod.v1.OrganizationService.DeleteOrganization":
    "DeleteOrganization removes an organization and everything that belongs to it, for good. The accounts of its people stay. Two things have to end first, because others rely on them: enabled SCIM configurations, and the role of every other active admin. The operator waits for the first alone.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the organization still holds what should be removed first, which the error names.",
  "gitpod.v1.OrganizationService.ListMembers":
    "ListMembers returns a page of the members of an organization, filtered, sorted, and counted when asked to.\n\nPermission: member.\n\nErrors: `not_found`; `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.OrganizationService.SetRole":
    "SetRole makes a member an admin, or an admin a member. It takes effect with the next call that they make.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when the role is not one of the two; `failed_precondition` when the last admin would be gone, or the member has left.",
  "gitpod.v1.OrganizationService.CreateOrganizationInvite":
    "CreateOrganizationInvite makes a new shared invite. Every earlier invite of the organization stops working.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.GetOrganizationInvite":
    "GetOrganizationInvite returns the current shared invite, and makes one when there is none. Whoever holds it can join, so a read-only token does not get it.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.GetOrganizationInviteSummary":
    "GetOrganizationInviteSummary returns what an invite leads to. Whoever holds an invite may see that before they sign in. It changes nothing, but is not served over GET: a URL with an invite in it would be kept in too many places.\n\nPermission: anyone.\n\nErrors: `not_found` when there is no such invite, or it was replaced.",
  "gitpod.v1.OrganizationService.LeaveOrganization":
    "LeaveOrganization ends a membership. What the user made in the organization stays; their tokens and sessions there stop working at once.\n\nPermission: user, for a membership of their own; admin, for every membership of the organization.\n\nErrors: `not_found`; `failed_precondition` when the last admin would be gone.",
  "gitpod.v1.OrganizationService.CreateSSOConfiguration":
    "CreateSSOConfiguration adds an OpenID Connect provider through which people sign in to the organization. The new configuration is active, and of the kind custom. The provider is not contacted.\n\nPermission: admin.\n\nErrors: `invalid_argument` when the issuer is not one that the server would contact, an email domain is given twice, or the claims expression does not compile.",
  "gitpod.v1.OrganizationService.GetSSOConfiguration":
    "GetSSOConfiguration returns one SSO configuration, without its client secret.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.ListSSOConfigurations":
    "ListSSOConfigurations returns a page of the SSO configurations of an organization, the oldest first.\n\nPermission: member.\n\nErrors: `invalid_argument` when the page token is not one of this list.",
  "gitpod.v1.OrganizationService.DeleteSSOConfiguration":
    "DeleteSSOConfiguration removes an SSO configuration. Nobody can sign in through it from then on; the accounts that did stay.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when SCIM configurations are linked to it, which the error names.",
  "gitpod.v1.OrganizationService.UpdateSSOConfiguration":
    "UpdateSSOConfiguration changes the fields that are set and leaves the others. It takes effect with the next sign-in. Read the configuration again to see the result. A call with nothing set succeeds and changes nothing.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` as for CreateSSOConfiguration, and for a state that does not exist.",
  "gitpod.v1.OrganizationService.CreateSCIMConfiguration":
    "CreateSCIMConfiguration lets a directory provision the organization over SCIM 2.0, and returns the bearer token that the directory needs, this once. The new configuration is enabled. Its base URL is `<public URL>/scim/v2/<id>`.\n\nPermission: admin.\n\nErrors: `not_found` when the organization has no such SSO configuration; `invalid_argument` when the lifetime of the token is out of range.",
  "gitpod.v1.OrganizationService.GetSCIMConfiguration":
    "GetSCIMConfiguration returns one SCIM configuration, without its token.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.ListSCIMConfigurations":
    "ListSCIMConfigurations returns a page of the SCIM configurations of the caller's organization, the oldest first. The operator names the organization in the header `x-organization-id`.\n\nPermission: member.\n\nErrors: `invalid_argument` when the page token is not one of this list, or the operator names no organization.",
  "gitpod.v1.OrganizationService.UpdateSCIMConfiguration":
    "UpdateSCIMConfiguration changes the fields that are set and leaves the others, among them the token. A call with nothing set succeeds and changes nothing.\n\nPermission: admin.\n\nErrors: `not_found`, also when the organization has no such SSO configuration.",
  "gitpod.v1.OrganizationService.DeleteSCIMConfiguration":
    "DeleteSCIMConfiguration removes a SCIM configuration. Its token stops working at once; the users that it provisioned stay.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.RegenerateSCIMToken":
    "RegenerateSCIMToken makes a new bearer token for a SCIM configuration and returns it, this once. The old token stops working at the same moment.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when the lifetime of the token is out of range.",
  "gitpod.v1.OrganizationService.CreateDomainVerification":
    "CreateDomainVerification starts the proof that a DNS domain is the organization's. Publish the TXT record `_organization-verification.<domain>` with the value `organization-verification=<verification_token>`, then call VerifyDomain.\n\nPermission: admin.\n\nErrors: `invalid_argument` when it is no domain name; `failed_precondition` when it is a public mail provider's; `already_exists` when the organization has a verification of that domain.",
  "gitpod.v1.OrganizationService.GetDomainVerification":
    "GetDomainVerification returns one domain verification.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.ListDomainVerifications":
    "ListDomainVerifications returns a page of the domain verifications of an organization, the oldest first.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when the page token is not one of this list.",
  "gitpod.v1.OrganizationService.VerifyDomain":
    "VerifyDomain asks DNS for the TXT record now, and makes the domain verified when it is there. A domain that is verified stays so, and the call may be repeated.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the record is not there or has another value; `unavailable` when DNS fails or does not answer. The verification stays pending.",
  "gitpod.v1.OrganizationService.DeleteDomainVerification":
    "DeleteDomainVerification gives a domain up, verified or not. People are no longer found by emails of that domain.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.GetOrganizationPolicies":
    "GetOrganizationPolicies returns the policies of an organization. There is always one set of them.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.UpdateOrganizationPolicies":
    "UpdateOrganizationPolicies changes the policies that are set and leaves the others. Read them again to see the result. A call with nothing set succeeds and changes nothing.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when a policy has a value that does not exist, or two custom agents have the same id.",
  "gitpod.v1.OrganizationService.GetOIDCConfig":
    "GetOIDCConfig returns the form of the ID tokens that IdentityService.GetIDToken makes for the organization. It has nothing to do with how people sign in.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.UpdateOIDCConfig":
    "UpdateOIDCConfig replaces the form of the organization's ID tokens. Tokens that are out keep theirs.\n\nPermission: admin.\n\nErrors: `not_found`; `invalid_argument` when a key for the subject is none that the server knows.",
  "gitpod.v1.OrganizationService.GetAnnouncementBanner":
    "GetAnnouncementBanner returns the banner of an organization. One that nobody has written is empty and not enabled.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.UpdateAnnouncementBanner":
    "UpdateAnnouncementBanner changes the fields of the banner that are set and leaves the others.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.GetTermsOfService":
    "GetTermsOfService returns the organization's current terms of service, and whether the caller has accepted them.\n\nPermission: member.\n\nErrors: `not_found`.",
  "gitpod.v1.OrganizationService.UpdateTermsOfService":
    "UpdateTermsOfService publishes a new version of the terms when the text differs from the current one, turns them on or off, or both.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when a text is published by the operator, who is no person, or when terms without a text are turned on.",
  "gitpod.v1.OrganizationService.AcceptTermsOfService":
    "AcceptTermsOfService records that the caller has accepted one exact version of the terms. The first acceptance counts; a second one changes nothing.\n\nPermission: member. The operator is no person, and cannot accept anything.\n\nErrors: `not_found`; `failed_precondition` when the version is not the current one.",
  "gitpod.v1.OrganizationService.ListTermsOfServiceVersions":
    "ListTermsOfServiceVersions returns a page of all versions of the terms that were ever published, the newest first.\n\nPermission: member.\n\nErrors: `not_found`; `invalid_argument` when the page token is not one of this list.",
  "gitpod.v1.OrganizationService.ListTermsOfServiceAcceptances":
    "ListTermsOfServiceAcceptances returns a page of the members of an organization, by name, each with whether they have accepted one version of the terms.\n\nPermission: admin.\n\nErrors: `not_found`, also when there is no such version; `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.OrganizationService.GetTermsOfServiceAcceptancesExport":
    "GetTermsOfServiceAcceptancesExport returns a signed URL, good for a short time, under which the list of ListTermsOfServiceAcceptances can be downloaded as CSV.\n\nPermission: admin.\n\nErrors: `not_found`, also when there is no such version.",
  "gitpod.v1.OrganizationService.SetStripeCustomerID":
    "SetStripeCustomerID is deprecated, and does nothing: this server knows no billing.\n\nPermission: admin.\n\nErrors: always `unimplemented`.",
  "gitpod.v1.OrganizationService.CreateCustomDomain":
    "CreateCustomDomain records the host name of the organization's own. An organization has at most one.\n\nPermission: admin.\n\nErrors: `not_found`; `already_exists` when the organization has one; `invalid_argument` when it is no host name. That another organization names the same host is no error, and nobody is told.",
  "gitpod.v1.OrganizationService.GetCustomDomain":
    "GetCustomDomain returns the organization's custom domain.\n\nPermission: member.\n\nErrors: `not_found`, also when the organization has none.",
  "gitpod.v1.OrganizationService.UpdateCustomDomain":
    "UpdateCustomDomain changes the organization's custom domain. Optional fields that are absent stay.\n\nPermission: admin.\n\nErrors: `not_found`, also when the organization has none; `invalid_argument` when it is no host name.",
  "gitpod.v1.OrganizationService.DeleteCustomDomain":
    "DeleteCustomDomain removes the organization's custom domain.\n\nPermission: admin.\n\nErrors: `not_found`, also when the organization has none.",
  "gitpod.v1.CreateOrganizationRequest": "CreateOrganizationRequest is what a new organization is made of.",
  "gitpod.v1.CreateOrganizationRequest.name": "name is what people call the organization. At least 3 characters.",
  "gitpod.v1.CreateOrganizationRequest.join_organization":
    "join_organization is whether the caller becomes its first member, as an admin.",
  "gitpod.v1.CreateOrganizationRequest.invite_accounts_with_matching_domain":
    "invite_accounts_with_matching_domain is whether everybody whose email has the domain of the caller's may join without an invite. It makes that domain the first of the invite domains.",
  "gitpod.v1.CreateOrganizationResponse": "CreateOrganizationResponse is the new organization.",
  "gitpod.v1.CreateOrganizationResponse.organization": "organization is the organization as it was stored.",
  "gitpod.v1.CreateOrganizationResponse.member":
    "member is the caller's membership. Absent when the caller did not join.",
  "gitpod.v1.JoinOrganizationRequest": "JoinOrganizationRequest is which organization to join, and on what ground.",
  "gitpod.v1.JoinOrganizationRequest.organization_id":
    "organization_id is an organization that the domain of the caller's email opens.",
  "gitpod.v1.JoinOrganizationRequest.invite_id": "invite_id is an invite. Whoever holds it can join.",
  "gitpod.v1.JoinOrganizationRequest.join_id":
    "join_id is the organization, or an invite to it. One of them has to be given.",
  "gitpod.v1.JoinOrganizationResponse": "JoinOrganizationResponse is the new membership.",
  "gitpod.v1.JoinOrganizationResponse.member": "member is the caller's membership.",
  "gitpod.v1.GetOrganizationRequest": "GetOrganizationRequest is which organization to read.",
  "gitpod.v1.GetOrganizationRequest.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.GetOrganizationResponse": "GetOrganizationResponse is one organization.",
  "gitpod.v1.GetOrganizationResponse.organization": "organization is the organization.",
  "gitpod.v1.UpdateOrganizationRequest":
    "UpdateOrganizationRequest is what changes in an organization. What is absent stays.",
  "gitpod.v1.UpdateOrganizationRequest.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.UpdateOrganizationRequest.name": "name is the new name. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationRequest.invite_domains":
    "invite_domains is the new list of invite domains, wrapped so that it can be emptied. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationResponse": "UpdateOrganizationResponse is the organization after the change.",
  "gitpod.v1.UpdateOrganizationResponse.organization": "organization is the organization as it is now stored.",
  "gitpod.v1.DeleteOrganizationRequest": "DeleteOrganizationRequest is which organization to remove.",
  "gitpod.v1.DeleteOrganizationRequest.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.DeleteOrganizationResponse": "DeleteOrganizationResponse is empty: the organization is gone.",
  "gitpod.v1.ListMembersRequest": "ListMembersRequest is which members to list, and how.",
  "gitpod.v1.ListMembersRequest.pagination": "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListMembersRequest.organization_id": "organization_id is the organization whose members are listed.",
  "gitpod.v1.ListMembersRequest.filter": "filter is which members to keep. Absent keeps them all.",
  "gitpod.v1.ListMembersRequest.sort":
    "sort is the order. Absent means the caller first, then the others by name; when it is given, it alone decides.",
  "gitpod.v1.ListMembersRequest.count": "count is whether to say how many members match in all. Absent means no.",
  "gitpod.v1.ListMembersRequest.Filter":
    "Filter is which members to keep: those that meet every condition that is given.",
  "gitpod.v1.ListMembersRequest.Filter.search":
    "search keeps members whose name or email contains this text, when case is left aside. With fewer than 3 characters it has to be the beginning of a word. At most 256 characters. Empty keeps all.",
  "gitpod.v1.ListMembersRequest.Filter.statuses": "statuses keeps members with one of these. Empty keeps all.",
  "gitpod.v1.ListMembersRequest.Filter.roles": "roles keeps members with one of these. Empty keeps all.",
  "gitpod.v1.ListMembersRequest.Filter.user_ids": "user_ids keeps these members. At most 25. Empty keeps all.",
  "gitpod.v1.ListMembersRequest.Filter.exclude_group_ids":
    "exclude_group_ids drops members of any of these groups. At most 25. Empty drops nobody.",
  "gitpod.v1.ListMembersRequest.Filter.exclude_members_in_any_team":
    "exclude_members_in_any_team drops members who are in a team. This server has no teams, so it drops nobody.",
  "gitpod.v1.ListMembersRequest.Filter.email":
    "email keeps the member with exactly this email, when case is left aside. At most 320 characters. Empty keeps all.",
  "gitpod.v1.ListMembersRequest.Filter.login_provider":
    "login_provider keeps members who sign in this way. LOGIN_PROVIDER_KIND_UNSPECIFIED keeps all.",
  "gitpod.v1.ListMembersRequest.Sort": "Sort is the order of the members.",
  "gitpod.v1.ListMembersRequest.Sort.field": "field is what to sort by. SORT_FIELD_UNSPECIFIED means by name.",
  "gitpod.v1.ListMembersRequest.Sort.order": "order is the direction. SORT_ORDER_UNSPECIFIED means ascending.",
  "gitpod.v1.ListMembersRequest.SortField": "SortField is what members can be sorted by.",
  "gitpod.v1.ListMembersRequest.SortField.SORT_FIELD_UNSPECIFIED": "SORT_FIELD_UNSPECIFIED is by name.",
  "gitpod.v1.ListMembersRequest.SortField.SORT_FIELD_NAME": "SORT_FIELD_NAME is by full name, when case is left aside.",
  "gitpod.v1.ListMembersRequest.SortField.SORT_FIELD_DATE_JOINED":
    "SORT_FIELD_DATE_JOINED is by the time at which they joined.",
  "gitpod.v1.ListMembersResponse": "ListMembersResponse is a page of members.",
  "gitpod.v1.ListMembersResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListMembersResponse.members": "members is the page. Empty when there is nothing more.",
  "gitpod.v1.ListMembersResponse.count": "count is how many members match in all. Absent when it was not asked for.",
  "gitpod.v1.SetRoleRequest": "SetRoleRequest is which member gets which role.",
  "gitpod.v1.SetRoleRequest.organization_id": "organization_id is the organization of the member.",
  "gitpod.v1.SetRoleRequest.user_id": "user_id is the user id of the member.",
  "gitpod.v1.SetRoleRequest.role": "role is the new role. ORGANIZATION_ROLE_UNSPECIFIED is refused.",
  "gitpod.v1.SetRoleResponse": "SetRoleResponse is empty: the member has the role.",
  "gitpod.v1.CreateOrganizationInviteRequest":
    "CreateOrganizationInviteRequest is for which organization to make an invite.",
  "gitpod.v1.CreateOrganizationInviteRequest.organization_id":
    "organization_id is the organization that the invite leads to.",
  "gitpod.v1.CreateOrganizationInviteResponse": "CreateOrganizationInviteResponse is the new invite.",
  "gitpod.v1.CreateOrganizationInviteResponse.invite": "invite is the only invite that works from now on.",
  "gitpod.v1.GetOrganizationInviteRequest": "GetOrganizationInviteRequest is whose invite to read.",
  "gitpod.v1.GetOrganizationInviteRequest.organization_id":
    "organization_id is the organization that the invite leads to.",
  "gitpod.v1.GetOrganizationInviteResponse": "GetOrganizationInviteResponse is the current invite.",
  "gitpod.v1.GetOrganizationInviteResponse.invite": "invite is the only invite that works.",
  "gitpod.v1.GetOrganizationInviteSummaryRequest": "GetOrganizationInviteSummaryRequest is which invite to look at.",
  "gitpod.v1.GetOrganizationInviteSummaryRequest.invite_id": "invite_id is the invite. Whoever holds it can join.",
  "gitpod.v1.GetOrganizationInviteSummaryResponse": "GetOrganizationInviteSummaryResponse is what an invite leads to.",
  "gitpod.v1.GetOrganizationInviteSummaryResponse.organization_id":
    "organization_id is the organization that the invite leads to.",
  "gitpod.v1.GetOrganizationInviteSummaryResponse.organization_name": "organization_name is its name.",
  "gitpod.v1.GetOrganizationInviteSummaryResponse.organization_member_count":
    "organization_member_count is how many members it has, without those who left.",
  "gitpod.v1.LeaveOrganizationRequest": "LeaveOrganizationRequest is whose membership ends.",
  "gitpod.v1.LeaveOrganizationRequest.user_id": "user_id is the user id of the member.",
  "gitpod.v1.LeaveOrganizationResponse": "LeaveOrganizationResponse is empty: the membership has ended.",
  "gitpod.v1.CreateSSOConfigurationRequest":
    "CreateSSOConfigurationRequest is what a new SSO configuration is made of.",
  "gitpod.v1.CreateSSOConfigurationRequest.organization_id":
    "organization_id is the organization whose people sign in through the provider.",
  "gitpod.v1.CreateSSOConfigurationRequest.client_id":
    "client_id is the client id under which this server is registered at the provider. At least 1 character.",
  "gitpod.v1.CreateSSOConfigurationRequest.client_secret":
    "client_secret is the client secret that belongs to the client id. At least 1 character. It is kept sealed, and no method ever returns it.",
  "gitpod.v1.CreateSSOConfigurationRequest.issuer_url":
    "issuer_url is the provider's issuer, exactly as its discovery document names it: https, without query, fragment or user info, and without `/.well-known/`.",
  "gitpod.v1.CreateSSOConfigurationRequest.email_domain":
    "email_domain is the first of the email domains that the provider serves. At least 4 characters. Absent leaves that to email_domains; with both, it is put first, and added when it is missing there.",
  "gitpod.v1.CreateSSOConfigurationRequest.email_domains":
    "email_domains is the set of email domains that the provider serves, each a DNS name of 4 to 253 characters, once. Only the ones that the organization has verified take part in finding a provider by email. Empty leaves that to email_domain.",
  "gitpod.v1.CreateSSOConfigurationRequest.display_name":
    "display_name is the label of the provider in settings and where people choose how to sign in. At most 128 characters. Empty means that the issuer's host name is shown.",
  "gitpod.v1.CreateSSOConfigurationRequest.additional_scopes":
    "additional_scopes is what is asked for beside the scopes openid, email and profile. At most 100, each of 1 to 128 characters. Empty asks for nothing more.",
  "gitpod.v1.CreateSSOConfigurationRequest.claims_expression":
    "claims_expression is a CEL expression over `claims`, the claims of the ID token; only people for whom it is true can sign in. At most 4096 characters. Absent or empty lets everybody in.",
  "gitpod.v1.CreateSSOConfigurationResponse": "CreateSSOConfigurationResponse is the new SSO configuration.",
  "gitpod.v1.CreateSSOConfigurationResponse.sso_configuration":
    "sso_configuration is the configuration as it was stored.",
  "gitpod.v1.GetSSOConfigurationRequest": "GetSSOConfigurationRequest is which SSO configuration to read.",
  "gitpod.v1.GetSSOConfigurationRequest.sso_configuration_id": "sso_configuration_id is the id of the configuration.",
  "gitpod.v1.GetSSOConfigurationResponse": "GetSSOConfigurationResponse is one SSO configuration.",
  "gitpod.v1.GetSSOConfigurationResponse.sso_configuration": "sso_configuration is the configuration.",
  "gitpod.v1.ListSSOConfigurationsRequest": "ListSSOConfigurationsRequest is which SSO configurations to list.",
  "gitpod.v1.ListSSOConfigurationsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListSSOConfigurationsRequest.organization_id":
    "organization_id is the organization whose configurations are listed.",
  "gitpod.v1.ListSSOConfigurationsResponse": "ListSSOConfigurationsResponse is a page of SSO configurations.",
  "gitpod.v1.ListSSOConfigurationsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListSSOConfigurationsResponse.sso_configurations":
    "sso_configurations is the page, the oldest configuration first. Empty when there is nothing more.",
  "gitpod.v1.DeleteSSOConfigurationRequest": "DeleteSSOConfigurationRequest is which SSO configuration to remove.",
  "gitpod.v1.DeleteSSOConfigurationRequest.sso_configuration_id":
    "sso_configuration_id is the id of the configuration.",
  "gitpod.v1.DeleteSSOConfigurationResponse": "DeleteSSOConfigurationResponse is empty: the configuration is gone.",
  "gitpod.v1.UpdateSSOConfigurationRequest":
    "UpdateSSOConfigurationRequest is what changes in an SSO configuration. What is not set stays.",
  "gitpod.v1.UpdateSSOConfigurationRequest.sso_configuration_id":
    "sso_configuration_id is the id of the configuration.",
  "gitpod.v1.UpdateSSOConfigurationRequest.client_id":
    "client_id is the new client id. At least 1 character. Absent leaves it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.client_secret":
    "client_secret is the new client secret. At least 1 character. Absent leaves it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.issuer_url":
    "issuer_url is the new issuer, under the rules of CreateSSOConfigurationRequest. Absent leaves it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.state":
    "state is whether people can sign in through the provider. Absent, and SSO_CONFIGURATION_STATE_UNSPECIFIED, leave it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.claims":
    "claims is the new mapping from our attributes to the provider's claims; see SSOConfiguration. It replaces the old one as a whole. Empty leaves it, so a mapping can be changed but not emptied.",
  "gitpod.v1.UpdateSSOConfigurationRequest.email_domain":
    "email_domain is the email domain that comes first. At least 4 characters. Alone, it becomes the only one, unless the set holds it already; with email_domains, it is put first, and added when it is missing there. Absent leaves the set.",
  "gitpod.v1.UpdateSSOConfigurationRequest.email_domains":
    "email_domains is the new set of email domains, each a DNS name of 4 to 253 characters, once. It replaces the old set. Empty leaves it, so a set can be changed but not emptied.",
  "gitpod.v1.UpdateSSOConfigurationRequest.display_name":
    "display_name is the new label. At most 128 characters. Empty removes it; absent leaves it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.additional_scopes":
    "additional_scopes is the new list of additional scopes, wrapped so that it can be emptied. Absent leaves it.",
  "gitpod.v1.UpdateSSOConfigurationRequest.claims_expression":
    "claims_expression is the new claims expression. At most 4096 characters. Empty removes it; absent leaves it.",
  "gitpod.v1.AdditionalScopesUpdate":
    'AdditionalScopesUpdate is a new list of additional scopes. It is a message because a list alone cannot tell "empty it" from "leave it".',
  "gitpod.v1.AdditionalScopesUpdate.scopes":
    "scopes is the whole new list. At most 100, each of 1 to 128 characters. Empty removes all additional scopes.",
  "gitpod.v1.UpdateSSOConfigurationResponse":
    "UpdateSSOConfigurationResponse is empty: GetSSOConfiguration shows the result.",
  "gitpod.v1.CreateSCIMConfigurationRequest":
    "CreateSCIMConfigurationRequest is what a new SCIM configuration is made of.",
  "gitpod.v1.CreateSCIMConfigurationRequest.organization_id":
    "organization_id is the organization that is provisioned.",
  "gitpod.v1.CreateSCIMConfigurationRequest.name":
    "name is a label for people. At most 128 characters. Absent means none.",
  "gitpod.v1.CreateSCIMConfigurationRequest.sso_configuration_id":
    "sso_configuration_id is the SSO configuration of the same organization through which provisioned users sign in.",
  "gitpod.v1.CreateSCIMConfigurationRequest.token_expires_in":
    "token_expires_in is how long the token works, from 86400s (1 day) to 63072000s (730 days). Absent means 31536000s (365 days).",
  "gitpod.v1.CreateSCIMConfigurationRequest.allow_unverified_email_account_linking":
    "allow_unverified_email_account_linking is whether a provisioned user may be attached to an existing account by email even when the provider did not say that the email is verified. Absent means no.",
  "gitpod.v1.CreateSCIMConfigurationResponse":
    "CreateSCIMConfigurationResponse is the new SCIM configuration, and its token.",
  "gitpod.v1.CreateSCIMConfigurationResponse.scim_configuration":
    "scim_configuration is the configuration as it was stored.",
  "gitpod.v1.CreateSCIMConfigurationResponse.token":
    "token is the bearer token for the SCIM endpoint. It is shown this once: the server keeps only a hash of it.",
  "gitpod.v1.CreateSCIMConfigurationResponse.token_expires_at": "token_expires_at is when the token stops working.",
  "gitpod.v1.GetSCIMConfigurationRequest": "GetSCIMConfigurationRequest is which SCIM configuration to read.",
  "gitpod.v1.GetSCIMConfigurationRequest.scim_configuration_id":
    "scim_configuration_id is the id of the configuration.",
  "gitpod.v1.GetSCIMConfigurationResponse": "GetSCIMConfigurationResponse is one SCIM configuration.",
  "gitpod.v1.GetSCIMConfigurationResponse.scim_configuration": "scim_configuration is the configuration.",
  "gitpod.v1.ListSCIMConfigurationsRequest":
    "ListSCIMConfigurationsRequest is which SCIM configurations to list, out of those of the caller's organization.",
  "gitpod.v1.ListSCIMConfigurationsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListSCIMConfigurationsResponse": "ListSCIMConfigurationsResponse is a page of SCIM configurations.",
  "gitpod.v1.ListSCIMConfigurationsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListSCIMConfigurationsResponse.scim_configurations":
    "scim_configurations is the page, the oldest configuration first. Empty when there is nothing more.",
  "gitpod.v1.UpdateSCIMConfigurationRequest":
    "UpdateSCIMConfigurationRequest is what changes in a SCIM configuration. What is absent stays.",
  "gitpod.v1.UpdateSCIMConfigurationRequest.scim_configuration_id":
    "scim_configuration_id is the id of the configuration.",
  "gitpod.v1.UpdateSCIMConfigurationRequest.name":
    "name is the new label. At most 128 characters. Empty removes it; absent leaves it.",
  "gitpod.v1.UpdateSCIMConfigurationRequest.enabled":
    "enabled is whether the directory can provision. Absent leaves it.",
  "gitpod.v1.UpdateSCIMConfigurationRequest.sso_configuration_id":
    "sso_configuration_id is the SSO configuration of the same organization to link to. Empty unlinks; absent leaves the link.",
  "gitpod.v1.UpdateSCIMConfigurationRequest.allow_unverified_email_account_linking":
    "allow_unverified_email_account_linking is whether a provisioned user may be attached to an existing account by email even when the provider did not say that the email is verified. Absent leaves it.",
  "gitpod.v1.UpdateSCIMConfigurationResponse":
    "UpdateSCIMConfigurationResponse is the SCIM configuration after the change.",
  "gitpod.v1.UpdateSCIMConfigurationResponse.scim_configuration":
    "scim_configuration is the configuration as it is now stored.",
  "gitpod.v1.DeleteSCIMConfigurationRequest": "DeleteSCIMConfigurationRequest is which SCIM configuration to remove.",
  "gitpod.v1.DeleteSCIMConfigurationRequest.scim_configuration_id":
    "scim_configuration_id is the id of the configuration.",
  "gitpod.v1.DeleteSCIMConfigurationResponse": "DeleteSCIMConfigurationResponse is empty: the configuration is gone.",
  "gitpod.v1.RegenerateSCIMTokenRequest":
    "RegenerateSCIMTokenRequest is which SCIM configuration gets a new token, and for how long.",
  "gitpod.v1.RegenerateSCIMTokenRequest.scim_configuration_id": "scim_configuration_id is the id of the configuration.",
  "gitpod.v1.RegenerateSCIMTokenRequest.token_expires_in":
    "token_expires_in is how long the new token works, from 86400s (1 day) to 63072000s (730 days). Absent means as long as the one before.",
  "gitpod.v1.RegenerateSCIMTokenResponse": "RegenerateSCIMTokenResponse is the new token.",
  "gitpod.v1.RegenerateSCIMTokenResponse.token":
    "token is the new bearer token. It is shown this once: the server keeps only a hash of it.",
  "gitpod.v1.RegenerateSCIMTokenResponse.token_expires_at": "token_expires_at is when the new token stops working.",
  "gitpod.v1.CreateDomainVerificationRequest": "CreateDomainVerificationRequest is which domain should be proven.",
  "gitpod.v1.CreateDomainVerificationRequest.organization_id":
    "organization_id is the organization that claims the domain.",
  "gitpod.v1.CreateDomainVerificationRequest.domain":
    "domain is the DNS name, of 4 to 253 characters. It is kept in lower case.",
  "gitpod.v1.CreateDomainVerificationResponse": "CreateDomainVerificationResponse is the new domain verification.",
  "gitpod.v1.CreateDomainVerificationResponse.domain_verification":
    "domain_verification is the verification, which is pending, with the token to publish.",
  "gitpod.v1.GetDomainVerificationRequest": "GetDomainVerificationRequest is which domain verification to read.",
  "gitpod.v1.GetDomainVerificationRequest.domain_verification_id":
    "domain_verification_id is the id of the verification.",
  "gitpod.v1.GetDomainVerificationResponse": "GetDomainVerificationResponse is one domain verification.",
  "gitpod.v1.GetDomainVerificationResponse.domain_verification": "domain_verification is the verification.",
  "gitpod.v1.ListDomainVerificationsRequest":
    "ListDomainVerificationsRequest is which domain verifications to list. Mind the numbers: pagination comes second here.",
  "gitpod.v1.ListDomainVerificationsRequest.organization_id":
    "organization_id is the organization whose verifications are listed.",
  "gitpod.v1.ListDomainVerificationsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListDomainVerificationsResponse":
    "ListDomainVerificationsResponse is a page of domain verifications. Mind the numbers: pagination comes second here.",
  "gitpod.v1.ListDomainVerificationsResponse.domain_verifications":
    "domain_verifications is the page, the oldest verification first. Empty when there is nothing more.",
  "gitpod.v1.ListDomainVerificationsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.VerifyDomainRequest": "VerifyDomainRequest is which domain to look up in DNS now.",
  "gitpod.v1.VerifyDomainRequest.domain_verification_id": "domain_verification_id is the id of the verification.",
  "gitpod.v1.VerifyDomainResponse": "VerifyDomainResponse is the domain verification after the check.",
  "gitpod.v1.VerifyDomainResponse.domain_verification": "domain_verification is the verification, which is verified.",
  "gitpod.v1.DeleteDomainVerificationRequest": "DeleteDomainVerificationRequest is which domain to give up.",
  "gitpod.v1.DeleteDomainVerificationRequest.domain_verification_id":
    "domain_verification_id is the id of the verification.",
  "gitpod.v1.DeleteDomainVerificationResponse": "DeleteDomainVerificationResponse is empty: the verification is gone.",
  "gitpod.v1.GetOrganizationPoliciesRequest": "GetOrganizationPoliciesRequest is whose policies to read.",
  "gitpod.v1.GetOrganizationPoliciesRequest.organization_id":
    "organization_id is the organization that the policies belong to.",
  "gitpod.v1.GetOrganizationPoliciesResponse": "GetOrganizationPoliciesResponse is the policies of an organization.",
  "gitpod.v1.GetOrganizationPoliciesResponse.policies": "policies is all of them.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest":
    "UpdateOrganizationPoliciesRequest is which policies change. What is absent stays; OrganizationPolicies says what each means. A list or map that is given replaces the old one; since an empty one cannot be told from an absent one, one that holds nothing but an element that says nothing (an empty text, an unspecified value, an agent without a field, an empty key) empties it. Such elements are never stored.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.organization_id":
    "organization_id is the organization that the policies belong to.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.maximum_environment_timeout":
    "maximum_environment_timeout is the longest idle time: 0s for no limit, else at least 1800s. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.members_require_projects":
    "members_require_projects is whether only admins may start environments without a project. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.members_create_projects":
    "members_create_projects is whether members may create projects. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.allowed_editor_ids":
    "allowed_editor_ids is the new list of allowed editors. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.default_editor_id":
    "default_editor_id is the editor of people who chose none. Empty means none; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.allow_local_runners":
    "allow_local_runners is whether local runners may be used. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.maximum_running_environments_per_user":
    "maximum_running_environments_per_user is how many environments one person may have running. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.maximum_environments_per_user":
    "maximum_environments_per_user is how many environments one person may have, running or not. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.default_environment_image":
    "default_environment_image is the image for repositories that name none. Empty means the server's own; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.port_sharing_disabled":
    "port_sharing_disabled is whether people may share no ports. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.delete_archived_environments_after":
    "delete_archived_environments_after is after how long archived environments are deleted, from 0s (never) to 2419200s (28 days). Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.agent_policy":
    "agent_policy is what changes in the rules for agents. Absent leaves them.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.maximum_environment_lifetime":
    "maximum_environment_lifetime is how long an environment may be used, from 0s (no limit) to 15552000s (180 days). Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.require_custom_domain_access":
    "require_custom_domain_access is whether the custom domain is the only way in, once there is one. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.editor_version_restrictions":
    "editor_version_restrictions is the new map from editor id to its allowed versions. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.security_agent_policy":
    "security_agent_policy is what changes in the security agents of environments. Absent leaves them.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.restrict_account_creation_to_scim":
    "restrict_account_creation_to_scim is whether only provisioned people may join. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.veto_exec_policy":
    "veto_exec_policy is the new rule for executables, as a whole. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.maximum_environment_lifetime_strict":
    "maximum_environment_lifetime_strict is whether environments past their lifetime cannot be started. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.max_port_admission_level":
    "max_port_admission_level is how far a port may be shared at most. ADMISSION_LEVEL_UNSPECIFIED means no limit; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.web_browser_disabled":
    "web_browser_disabled is whether the built-in browser is hidden. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.disable_from_scratch":
    "disable_from_scratch is whether only admins may make empty environments. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.veto_file_policy":
    "veto_file_policy is the new rule for files and block devices, as a whole. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.security_policy_id":
    "security_policy_id is the security policy of new environments. Empty means none; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.archive_environments_after":
    "archive_environments_after is after how long stopped environments are archived, in whole days, from 86400s (1 day) to 2592000s (30 days). Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy":
    "UpdateAgentPolicy is what changes in the rules for agents. What is absent stays; AgentPolicy says what each means.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.mcp_disabled":
    "mcp_disabled is whether agents have no MCP. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.command_deny_list":
    "command_deny_list is the new list of commands that agents may not run. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.scm_tools_disabled":
    "scm_tools_disabled is whether agents have no source control tools. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.scm_tools_allowed_group_id":
    "scm_tools_allowed_group_id is the only group whose agents have source control tools. Empty means everybody's; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.conversation_sharing_policy":
    "conversation_sharing_policy is whether conversations may be shared. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.max_subagents_per_environment":
    "max_subagents_per_environment is how many subagents an environment may have, from 0 to 10. 0 means 5; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.allowed_agent_ids":
    "allowed_agent_ids is the new list of agents that may be chosen. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.allowed_codex_models":
    "allowed_codex_models is the old form of codex_model_policy. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.allowed_codex_reasoning_efforts":
    "allowed_codex_reasoning_efforts is the new list of efforts that may be chosen. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.allowed_codex_service_tiers":
    "allowed_codex_service_tiers is the new list of service tiers that may be chosen. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.goal_mode_disabled":
    "goal_mode_disabled is whether goal mode is off. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateAgentPolicy.codex_model_policy":
    "codex_model_policy is the new state of each model. Without an entry in it, it allows all; absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateSecurityAgentPolicy":
    "UpdateSecurityAgentPolicy is what changes in the security agents of environments. What is absent stays.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateSecurityAgentPolicy.crowdstrike":
    "crowdstrike is what changes in the CrowdStrike sensor. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateSecurityAgentPolicy.custom_agents":
    "custom_agents is the new list of agents of the organization's own, as a whole. Empty leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig":
    "UpdateCrowdStrikeConfig is what changes in the CrowdStrike sensor. What is absent stays.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig.enabled":
    "enabled is whether the sensor runs. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig.image":
    "image is the sensor's image. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig.cid_secret_id":
    "cid_secret_id is the id of the organization secret that holds the customer id. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig.tags":
    "tags is the sensor's tags, with commas between. Absent leaves it.",
  "gitpod.v1.UpdateOrganizationPoliciesRequest.UpdateCrowdStrikeConfig.additional_options":
    "additional_options is the sensor's other options, without the vendor's prefix. Empty leaves them.",
  "gitpod.v1.UpdateOrganizationPoliciesResponse":
    "UpdateOrganizationPoliciesResponse is empty: GetOrganizationPolicies shows the result.",
  "gitpod.v1.GetOIDCConfigRequest": "GetOIDCConfigRequest is whose form of ID tokens to read.",
  "gitpod.v1.GetOIDCConfigRequest.organization_id": "organization_id is the organization that the tokens speak of.",
  "gitpod.v1.GetOIDCConfigResponse": "GetOIDCConfigResponse is the form of an organization's ID tokens.",
  "gitpod.v1.GetOIDCConfigResponse.oidc_config": "oidc_config is the form.",
  "gitpod.v1.UpdateOIDCConfigRequest": "UpdateOIDCConfigRequest is the new form of an organization's ID tokens.",
  "gitpod.v1.UpdateOIDCConfigRequest.organization_id": "organization_id is the organization that the tokens speak of.",
  "gitpod.v1.UpdateOIDCConfigRequest.oidc_config": "oidc_config is the new form, which replaces the old one.",
  "gitpod.v1.UpdateOIDCConfigResponse":
    "UpdateOIDCConfigResponse is the form of an organization's ID tokens after the change.",
  "gitpod.v1.UpdateOIDCConfigResponse.oidc_config": "oidc_config is the form as it is now stored.",
  "gitpod.v1.GetAnnouncementBannerRequest": "GetAnnouncementBannerRequest is whose banner to read.",
  "gitpod.v1.GetAnnouncementBannerRequest.organization_id":
    "organization_id is the organization that shows the banner.",
  "gitpod.v1.GetAnnouncementBannerResponse": "GetAnnouncementBannerResponse is the banner of an organization.",
  "gitpod.v1.GetAnnouncementBannerResponse.banner": "banner is the banner.",
  "gitpod.v1.UpdateAnnouncementBannerRequest":
    "UpdateAnnouncementBannerRequest is what changes in the banner. What is absent stays.",
  "gitpod.v1.UpdateAnnouncementBannerRequest.organization_id":
    "organization_id is the organization that shows the banner.",
  "gitpod.v1.UpdateAnnouncementBannerRequest.message":
    "message is the new text, in basic Markdown. At most 1000 characters. Empty removes it; absent leaves it.",
  "gitpod.v1.UpdateAnnouncementBannerRequest.enabled": "enabled is whether the banner is shown. Absent leaves it.",
  "gitpod.v1.UpdateAnnouncementBannerResponse": "UpdateAnnouncementBannerResponse is the banner after the change.",
  "gitpod.v1.UpdateAnnouncementBannerResponse.banner": "banner is the banner as it is now stored.",
  "gitpod.v1.GetTermsOfServiceRequest": "GetTermsOfServiceRequest is whose terms to read.",
  "gitpod.v1.GetTermsOfServiceRequest.organization_id": "organization_id is the organization that asks for the terms.",
  "gitpod.v1.GetTermsOfServiceResponse": "GetTermsOfServiceResponse is the terms of an organization, for the caller.",
  "gitpod.v1.GetTermsOfServiceResponse.terms_of_service": "terms_of_service is the terms.",
  "gitpod.v1.UpdateTermsOfServiceRequest":
    "UpdateTermsOfServiceRequest is what changes in the terms. What is absent stays.",
  "gitpod.v1.UpdateTermsOfServiceRequest.organization_id":
    "organization_id is the organization that asks for the terms.",
  "gitpod.v1.UpdateTermsOfServiceRequest.markdown":
    "markdown is the text. At most 32000 characters. One that differs from the current text becomes a new version, which everybody has to accept again; absent publishes nothing.",
  "gitpod.v1.UpdateTermsOfServiceRequest.enabled":
    "enabled is whether members have to accept the terms. Absent leaves it.",
  "gitpod.v1.UpdateTermsOfServiceResponse": "UpdateTermsOfServiceResponse is the terms after the change.",
  "gitpod.v1.UpdateTermsOfServiceResponse.terms_of_service": "terms_of_service is the terms as they are now stored.",
  "gitpod.v1.AcceptTermsOfServiceRequest": "AcceptTermsOfServiceRequest is which terms the caller accepts.",
  "gitpod.v1.AcceptTermsOfServiceRequest.organization_id":
    "organization_id is the organization that asks for the terms.",
  "gitpod.v1.AcceptTermsOfServiceRequest.version_id": "version_id is the id of the version that the caller has read.",
  "gitpod.v1.AcceptTermsOfServiceResponse": "AcceptTermsOfServiceResponse is what was recorded.",
  "gitpod.v1.AcceptTermsOfServiceResponse.acceptance": "acceptance is the caller's acceptance.",
  "gitpod.v1.ListTermsOfServiceVersionsRequest":
    "ListTermsOfServiceVersionsRequest is whose versions of the terms to list.",
  "gitpod.v1.ListTermsOfServiceVersionsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListTermsOfServiceVersionsRequest.organization_id":
    "organization_id is the organization that asks for the terms.",
  "gitpod.v1.ListTermsOfServiceVersionsResponse":
    "ListTermsOfServiceVersionsResponse is a page of versions of the terms.",
  "gitpod.v1.ListTermsOfServiceVersionsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListTermsOfServiceVersionsResponse.versions":
    "versions is the page, the newest version first. Empty when there is nothing more.",
  "gitpod.v1.ListTermsOfServiceAcceptancesRequest":
    "ListTermsOfServiceAcceptancesRequest is which members to list, and for which version of the terms.",
  "gitpod.v1.ListTermsOfServiceAcceptancesRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListTermsOfServiceAcceptancesRequest.organization_id":
    "organization_id is the organization that asks for the terms.",
  "gitpod.v1.ListTermsOfServiceAcceptancesRequest.version": "version is the number of the version. At least 1.",
  "gitpod.v1.ListTermsOfServiceAcceptancesRequest.filter": "filter is which members to keep. Absent keeps them all.",
  "gitpod.v1.ListTermsOfServiceAcceptancesResponse":
    "ListTermsOfServiceAcceptancesResponse is a page of members and their acceptances.",
  "gitpod.v1.ListTermsOfServiceAcceptancesResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListTermsOfServiceAcceptancesResponse.acceptances":
    "acceptances is the page, by name. Empty when there is nothing more.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportRequest":
    "GetTermsOfServiceAcceptancesExportRequest is which members to export, and for which version of the terms.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportRequest.organization_id":
    "organization_id is the organization that asks for the terms.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportRequest.version": "version is the number of the version. At least 1.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportRequest.filter":
    "filter is which members to keep. Absent keeps them all.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportResponse":
    "GetTermsOfServiceAcceptancesExportResponse is where the export is.",
  "gitpod.v1.GetTermsOfServiceAcceptancesExportResponse.download_url":
    "download_url is a signed URL of a CSV file. Whoever has it can read the file until it runs out.",
  "gitpod.v1.SetStripeCustomerIDRequest": "SetStripeCustomerIDRequest is what an older billing asked for.",
  "gitpod.v1.SetStripeCustomerIDRequest.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.SetStripeCustomerIDRequest.stripe_customer_id":
    "stripe_customer_id is the customer id at Stripe. At least 1 character.",
  "gitpod.v1.SetStripeCustomerIDResponse": "SetStripeCustomerIDResponse is never sent.",
  "gitpod.v1.CreateCustomDomainRequest": "CreateCustomDomainRequest is what a new custom domain is made of.",
  "gitpod.v1.CreateCustomDomainRequest.organization_id": "organization_id is the organization that gets the domain.",
  "gitpod.v1.CreateCustomDomainRequest.domain_name":
    "domain_name is the host name, of 4 to 253 characters. It is kept in lower case.",
  "gitpod.v1.CreateCustomDomainRequest.provider":
    "provider is the cloud that fronts it. CUSTOM_DOMAIN_PROVIDER_UNSPECIFIED means that none was named.",
  "gitpod.v1.CreateCustomDomainRequest.aws_account_id":
    "aws_account_id is the old form of cloud_account_id, which wins when both are given. Absent means none.",
  "gitpod.v1.CreateCustomDomainRequest.cloud_account_id":
    "cloud_account_id is the AWS account id, or the Google Cloud project id. Absent means none.",
  "gitpod.v1.CreateCustomDomainResponse": "CreateCustomDomainResponse is the new custom domain.",
  "gitpod.v1.CreateCustomDomainResponse.custom_domain": "custom_domain is the domain as it was stored.",
  "gitpod.v1.GetCustomDomainRequest": "GetCustomDomainRequest is whose custom domain to read.",
  "gitpod.v1.GetCustomDomainRequest.organization_id": "organization_id is the organization that has the domain.",
  "gitpod.v1.GetCustomDomainResponse": "GetCustomDomainResponse is the custom domain of an organization.",
  "gitpod.v1.GetCustomDomainResponse.custom_domain": "custom_domain is the domain.",
  "gitpod.v1.UpdateCustomDomainRequest":
    "UpdateCustomDomainRequest is what changes in a custom domain. Optional fields that are absent stay. Mind the numbers: provider comes last here.",
  "gitpod.v1.UpdateCustomDomainRequest.organization_id": "organization_id is the organization that has the domain.",
  "gitpod.v1.UpdateCustomDomainRequest.domain_name":
    "domain_name is the host name, of 4 to 253 characters. It is kept in lower case.",
  "gitpod.v1.UpdateCustomDomainRequest.aws_account_id":
    "aws_account_id is the old form of cloud_account_id, which wins when both are given. Empty removes it; absent leaves it.",
  "gitpod.v1.UpdateCustomDomainRequest.cloud_account_id":
    "cloud_account_id is the AWS account id, or the Google Cloud project id. Empty removes it; absent leaves it.",
  "gitpod.v1.UpdateCustomDomainRequest.provider": "provider is the cloud that fronts it. Absent leaves it.",
  "gitpod.v1.UpdateCustomDomainResponse": "UpdateCustomDomainResponse is the custom domain after the change.",
  "gitpod.v1.UpdateCustomDomainResponse.custom_domain": "custom_domain is the domain as it is now stored.",
  "gitpod.v1.DeleteCustomDomainRequest": "DeleteCustomDomainRequest is whose custom domain to remove.",
  "gitpod.v1.DeleteCustomDomainRequest.organization_id": "organization_id is the organization that has the domain.",
  "gitpod.v1.DeleteCustomDomainResponse": "DeleteCustomDomainResponse is empty: the domain is gone.",
  "gitpod.v1.Organization":
    "Organization is people who work together, with the ways in which they sign in and are provisioned.",
  "gitpod.v1.Organization.id": "id is the id of the organization.",
  "gitpod.v1.Organization.name": "name is what people call it.",
  "gitpod.v1.Organization.created_at": "created_at is when it was made.",
  "gitpod.v1.Organization.updated_at": "updated_at is when its name or invite domains last changed.",
  "gitpod.v1.Organization.invite_domains":
    "invite_domains is the email domains whose owners may join without an invite. Absent when there are none.",
  "gitpod.v1.Organization.tier":
    "tier is the plan. On this server every organization has the tier ORGANIZATION_TIER_ENTERPRISE.",
  "gitpod.v1.InviteDomains":
    'InviteDomains is a list of email domains. It is a message so that an update can tell "empty it" from "leave it".',
  "gitpod.v1.InviteDomains.domains":
    "domains is the email domains, each a DNS name of 4 to 253 characters, once. Empty lets nobody in without an invite.",
  "gitpod.v1.OrganizationMember": "OrganizationMember is a person in an organization.",
  "gitpod.v1.OrganizationMember.user_id":
    "user_id is the id of the membership, which other methods call the user id. One person has another one in each organization.",
  "gitpod.v1.OrganizationMember.role": "role is what the member may do.",
  "gitpod.v1.OrganizationMember.member_since": "member_since is when the member joined, for the last time.",
  "gitpod.v1.OrganizationMember.avatar_url": "avatar_url is a picture. Empty when there is none.",
  "gitpod.v1.OrganizationMember.full_name": "full_name is the member's name.",
  "gitpod.v1.OrganizationMember.email": "email is the member's email.",
  "gitpod.v1.OrganizationMember.status": "status is whether the member can act.",
  "gitpod.v1.OrganizationMember.login_provider":
    "login_provider is how the member signs in, for instance `custom` for an SSO configuration.",
  "gitpod.v1.OrganizationInvite":
    "OrganizationInvite is a link that lets people into an organization. There is one at a time.",
  "gitpod.v1.OrganizationInvite.invite_id": "invite_id is the invite itself. Whoever holds it can join.",
  "gitpod.v1.SSOConfiguration":
    "SSOConfiguration is an OpenID Connect provider through which people sign in to an organization.",
  "gitpod.v1.SSOConfiguration.id":
    "id is the id of the configuration. The redirect URI to register at the provider is `<public URL>/auth/oidc/callback/<id>`.",
  "gitpod.v1.SSOConfiguration.organization_id": "organization_id is the organization that it belongs to.",
  "gitpod.v1.SSOConfiguration.client_id":
    "client_id is the client id under which this server is registered at the provider.",
  "gitpod.v1.SSOConfiguration.issuer_url":
    "issuer_url is the provider's issuer. Its discovery document is at `<issuer_url>/.well-known/openid-configuration`.",
  "gitpod.v1.SSOConfiguration.state": "state is whether people can sign in through it.",
  "gitpod.v1.SSOConfiguration.claims":
    "claims is which claim of the provider holds which of our attributes. The key is one of email, email_verified, name, given_name, family_name, picture and groups; the value is the claim, with dots between the parts of a nested one. Other keys are kept, and mean nothing. An attribute without an entry comes from the claim of its own name.",
  "gitpod.v1.SSOConfiguration.email_domain": "email_domain is the first of email_domains. Empty when there is none.",
  "gitpod.v1.SSOConfiguration.provider_type": "provider_type is whether the provider is the organization's own.",
  "gitpod.v1.SSOConfiguration.email_domains":
    "email_domains is the set of email domains that the provider serves, in lower case. Empty when nobody is found by email.",
  "gitpod.v1.SSOConfiguration.display_name":
    "display_name is its label in settings and where people choose how to sign in. At most 128 characters. Empty means none was given.",
  "gitpod.v1.SSOConfiguration.additional_scopes":
    "additional_scopes is what is asked for beside the scopes openid, email and profile.",
  "gitpod.v1.SSOConfiguration.claims_expression":
    "claims_expression is the CEL expression that decides who can sign in. At most 4096 characters. Empty lets everybody in.",
  "gitpod.v1.SSOConfiguration.ProviderType": "ProviderType is where a provider comes from.",
  "gitpod.v1.SSOConfiguration.ProviderType.PROVIDER_TYPE_UNSPECIFIED": "PROVIDER_TYPE_UNSPECIFIED is never sent.",
  "gitpod.v1.SSOConfiguration.ProviderType.PROVIDER_TYPE_BUILTIN":
    "PROVIDER_TYPE_BUILTIN is a provider that the server brings along for everybody.",
  "gitpod.v1.SSOConfiguration.ProviderType.PROVIDER_TYPE_CUSTOM":
    "PROVIDER_TYPE_CUSTOM is a provider of the organization's own. All that are made through the API are.",
  "gitpod.v1.SCIMConfiguration":
    "SCIMConfiguration is a directory that provisions an organization over SCIM 2.0. Its token is never part of it.",
  "gitpod.v1.SCIMConfiguration.id":
    "id is the id of the configuration. The base URL to enter at the directory is `<public URL>/scim/v2/<id>`.",
  "gitpod.v1.SCIMConfiguration.organization_id": "organization_id is the organization that it belongs to.",
  "gitpod.v1.SCIMConfiguration.name": "name is a label for people. At most 128 characters. Empty means none was given.",
  "gitpod.v1.SCIMConfiguration.enabled": "enabled is whether the directory can provision.",
  "gitpod.v1.SCIMConfiguration.sso_configuration_id":
    "sso_configuration_id is the SSO configuration through which provisioned users sign in. Empty when it is not linked.",
  "gitpod.v1.SCIMConfiguration.created_at": "created_at is when it was made.",
  "gitpod.v1.SCIMConfiguration.updated_at": "updated_at is when it was last changed. A new token counts as a change.",
  "gitpod.v1.SCIMConfiguration.token_expires_at": "token_expires_at is when the current token stops working.",
  "gitpod.v1.SCIMConfiguration.allow_unverified_email_account_linking":
    "allow_unverified_email_account_linking is whether a provisioned user may be attached to an existing account by email even when the provider did not say that the email is verified.",
  "gitpod.v1.DomainVerification":
    "DomainVerification is the proof, or the attempt to prove, that a DNS domain is an organization's.",
  "gitpod.v1.DomainVerification.id": "id is the id of the verification.",
  "gitpod.v1.DomainVerification.organization_id": "organization_id is the organization that claims the domain.",
  "gitpod.v1.DomainVerification.domain": "domain is the DNS name, in lower case, of 4 to 253 characters.",
  "gitpod.v1.DomainVerification.state": "state is whether the domain is proven.",
  "gitpod.v1.DomainVerification.verified_at": "verified_at is when it was proven. Absent while it is pending.",
  "gitpod.v1.DomainVerification.verification_token":
    "verification_token is what the TXT record `_organization-verification.<domain>` has to hold, behind `organization-verification=`. It is public.",
  "gitpod.v1.DomainVerification.created_at": "created_at is when the verification was started.",
  "gitpod.v1.OrganizationPolicies":
    "OrganizationPolicies is what an organization allows. This server keeps all of them and obeys those that concern how people join and sign in; the others are for the services that read them here.",
  "gitpod.v1.OrganizationPolicies.organization_id": "organization_id is the organization that the policies belong to.",
  "gitpod.v1.OrganizationPolicies.maximum_environment_timeout":
    "maximum_environment_timeout is the longest idle time of an environment: 0s for no limit, else at least 1800s.",
  "gitpod.v1.OrganizationPolicies.members_require_projects":
    "members_require_projects is whether only admins may start environments without a project.",
  "gitpod.v1.OrganizationPolicies.members_create_projects":
    "members_create_projects is whether members may create projects.",
  "gitpod.v1.OrganizationPolicies.allowed_editor_ids":
    "allowed_editor_ids is the editors that people may choose. Empty allows all.",
  "gitpod.v1.OrganizationPolicies.default_editor_id":
    "default_editor_id is the editor of people who chose none. Empty means none.",
  "gitpod.v1.OrganizationPolicies.allow_local_runners": "allow_local_runners is whether local runners may be used.",
  "gitpod.v1.OrganizationPolicies.maximum_running_environments_per_user":
    "maximum_running_environments_per_user is how many environments one person may have running.",
  "gitpod.v1.OrganizationPolicies.maximum_environments_per_user":
    "maximum_environments_per_user is how many environments one person may have, running or not.",
  "gitpod.v1.OrganizationPolicies.default_environment_image":
    "default_environment_image is the image for repositories that name none. Empty means the server's own.",
  "gitpod.v1.OrganizationPolicies.port_sharing_disabled":
    "port_sharing_disabled is whether people may share no ports. Ports of the system are not meant.",
  "gitpod.v1.OrganizationPolicies.delete_archived_environments_after":
    "delete_archived_environments_after is after how long archived environments are deleted, from 0s (never) to 2419200s (28 days).",
  "gitpod.v1.OrganizationPolicies.agent_policy": "agent_policy is the rules for agents.",
  "gitpod.v1.OrganizationPolicies.maximum_environment_lifetime":
    "maximum_environment_lifetime is how long an environment may be used, from 0s (no limit) to 15552000s (180 days).",
  "gitpod.v1.OrganizationPolicies.require_custom_domain_access":
    "require_custom_domain_access is whether the custom domain is the only way in, once there is one.",
  "gitpod.v1.OrganizationPolicies.editor_version_restrictions":
    "editor_version_restrictions is which versions of an editor are allowed, by editor id. An editor without an entry is not restricted.",
  "gitpod.v1.OrganizationPolicies.security_agent_policy":
    "security_agent_policy is the security agents that run in environments. Absent means none.",
  "gitpod.v1.OrganizationPolicies.restrict_account_creation_to_scim":
    "restrict_account_creation_to_scim is whether only provisioned people may join. It applies as long as the organization has an enabled SCIM configuration; those who are members stay.",
  "gitpod.v1.OrganizationPolicies.veto_exec_policy":
    "veto_exec_policy is which executables may not run. Absent means no rule.",
  "gitpod.v1.OrganizationPolicies.maximum_environment_lifetime_strict":
    "maximum_environment_lifetime_strict is whether environments past their lifetime cannot be started.",
  "gitpod.v1.OrganizationPolicies.max_port_admission_level":
    "max_port_admission_level is how far a port may be shared at most. ADMISSION_LEVEL_UNSPECIFIED means no limit.",
  "gitpod.v1.OrganizationPolicies.web_browser_disabled":
    "web_browser_disabled is whether the built-in browser is hidden.",
  "gitpod.v1.OrganizationPolicies.disable_from_scratch":
    "disable_from_scratch is whether only admins may make empty environments.",
  "gitpod.v1.OrganizationPolicies.veto_file_policy":
    "veto_file_policy is which files and block devices may not be touched. Absent means no rule.",
  "gitpod.v1.OrganizationPolicies.security_policy_id":
    "security_policy_id is the security policy of new environments. Empty means none.",
  "gitpod.v1.OrganizationPolicies.archive_environments_after":
    "archive_environments_after is after how long stopped environments are archived, in whole days, from 86400s (1 day) to 2592000s (30 days). Absent means never.",
  "gitpod.v1.AgentPolicy": "AgentPolicy is the rules for agents.",
  "gitpod.v1.AgentPolicy.mcp_disabled": "mcp_disabled is whether agents have no MCP.",
  "gitpod.v1.AgentPolicy.command_deny_list":
    "command_deny_list is the commands that agents may not run. Empty forbids none.",
  "gitpod.v1.AgentPolicy.scm_tools_disabled": "scm_tools_disabled is whether agents have no source control tools.",
  "gitpod.v1.AgentPolicy.scm_tools_allowed_group_id":
    "scm_tools_allowed_group_id is the only group whose agents have source control tools. Empty means everybody's.",
  "gitpod.v1.AgentPolicy.conversation_sharing_policy":
    "conversation_sharing_policy is whether conversations may be shared.",
  "gitpod.v1.AgentPolicy.max_subagents_per_environment":
    "max_subagents_per_environment is how many subagents an environment may have, from 0 to 10. 0 means 5.",
  "gitpod.v1.AgentPolicy.allowed_agent_ids": "allowed_agent_ids is the agents that may be chosen. Empty allows all.",
  "gitpod.v1.AgentPolicy.allowed_codex_models":
    "allowed_codex_models is the old form of codex_model_policy. Empty allows all.",
  "gitpod.v1.AgentPolicy.allowed_codex_reasoning_efforts":
    "allowed_codex_reasoning_efforts is the efforts that may be chosen. Empty allows all.",
  "gitpod.v1.AgentPolicy.allowed_codex_service_tiers":
    "allowed_codex_service_tiers is the service tiers that may be chosen. Empty allows all.",
  "gitpod.v1.AgentPolicy.goal_mode_disabled": "goal_mode_disabled is whether goal mode is off.",
  "gitpod.v1.AgentPolicy.codex_model_policy": "codex_model_policy is the state of each model. Absent allows all.",
  "gitpod.v1.CodexModelPolicy": "CodexModelPolicy is which models may be chosen.",
  "gitpod.v1.CodexModelPolicy.model_states":
    "model_states is the state of a model, by the name of its value in CodexOpenAIModel. A model without an entry is allowed.",
  "gitpod.v1.EditorVersionPolicy": "EditorVersionPolicy is which versions of one editor are allowed.",
  "gitpod.v1.EditorVersionPolicy.allowed_versions":
    "allowed_versions is the versions. Empty allows only the latest one.",
  "gitpod.v1.VetoExecPolicy": "VetoExecPolicy is which executables may not run in environments.",
  "gitpod.v1.VetoExecPolicy.enabled": "enabled is whether the rule applies.",
  "gitpod.v1.VetoExecPolicy.executables": "executables is their names or paths.",
  "gitpod.v1.VetoExecPolicy.action": "action is what happens when one is run.",
  "gitpod.v1.VetoExecPolicy.safelist":
    "safelist is what always may run. It is for reading: what an update says here is left aside.",
  "gitpod.v1.VetoFilePolicy": "VetoFilePolicy is which files and block devices may not be touched in environments.",
  "gitpod.v1.VetoFilePolicy.enabled": "enabled is whether the rule applies.",
  "gitpod.v1.VetoFilePolicy.paths": "paths is the rule for files. Absent means none.",
  "gitpod.v1.VetoFilePolicy.block_devices": "block_devices is the rule for block devices. Absent means none.",
  "gitpod.v1.VetoFilePathPolicy": "VetoFilePathPolicy is the rule for files.",
  "gitpod.v1.VetoFilePathPolicy.entries": "entries is the paths, each with what is meant and what happens.",
  "gitpod.v1.VetoFilePathPolicy.default_surface": "default_surface is what is meant by an entry that does not say it.",
  "gitpod.v1.VetoFilePathPolicy.default_effect": "default_effect is what happens with an entry that does not say it.",
  "gitpod.v1.VetoFilePathEntry": "VetoFilePathEntry is one path that may not be touched.",
  "gitpod.v1.VetoFilePathEntry.path": "path is the file or folder.",
  "gitpod.v1.VetoFilePathEntry.surface":
    "surface is what may not be done with it. VETO_FILE_SURFACE_UNSPECIFIED means the rule's default.",
  "gitpod.v1.VetoFilePathEntry.effect":
    "effect is what happens then. KERNEL_CONTROLS_ACTION_UNSPECIFIED means the rule's default.",
  "gitpod.v1.VetoFilePathEntry.track_changes": "track_changes is whether changes of the file are recorded.",
  "gitpod.v1.VetoFileBlockDevicesPolicy": "VetoFileBlockDevicesPolicy is the rule for block devices.",
  "gitpod.v1.VetoFileBlockDevicesPolicy.enabled": "enabled is whether the rule applies.",
  "gitpod.v1.VetoFileBlockDevicesPolicy.action": "action is what happens when one is opened.",
  "gitpod.v1.SecurityAgentPolicy": "SecurityAgentPolicy is the security agents that run in environments.",
  "gitpod.v1.SecurityAgentPolicy.crowdstrike": "crowdstrike is the CrowdStrike sensor. Absent means none.",
  "gitpod.v1.SecurityAgentPolicy.custom_agents":
    "custom_agents is the agents of the organization's own. Empty means none.",
  "gitpod.v1.CrowdStrikeConfig": "CrowdStrikeConfig is the CrowdStrike sensor.",
  "gitpod.v1.CrowdStrikeConfig.enabled": "enabled is whether the sensor runs.",
  "gitpod.v1.CrowdStrikeConfig.image": "image is the sensor's image.",
  "gitpod.v1.CrowdStrikeConfig.cid_secret_id":
    "cid_secret_id is the id of the organization secret that holds the customer id.",
  "gitpod.v1.CrowdStrikeConfig.tags": "tags is the sensor's tags, with commas between.",
  "gitpod.v1.CrowdStrikeConfig.additional_options":
    "additional_options is the sensor's other options, without the vendor's prefix.",
  "gitpod.v1.CustomSecurityAgent": "CustomSecurityAgent is a security agent of the organization's own.",
  "gitpod.v1.CustomSecurityAgent.id": "id is the id of the agent. Empty in an update makes a new one.",
  "gitpod.v1.CustomSecurityAgent.enabled": "enabled is whether the agent runs.",
  "gitpod.v1.CustomSecurityAgent.name": "name is what people call it.",
  "gitpod.v1.CustomSecurityAgent.description": "description is what it is for.",
  "gitpod.v1.CustomSecurityAgent.start_command": "start_command is the shell script that starts it.",
  "gitpod.v1.CustomSecurityAgent.env_mappings": "env_mappings is which secrets fill which placeholders of the script.",
  "gitpod.v1.CustomAgentEnvMapping": "CustomAgentEnvMapping is one placeholder, and the secret that fills it.",
  "gitpod.v1.CustomAgentEnvMapping.name": "name is the name of the placeholder.",
  "gitpod.v1.CustomAgentEnvMapping.secret_name":
    "secret_name is the name of the organization secret. The secret itself is never here.",
  "gitpod.v1.OIDCConfig": "OIDCConfig is the form of the ID tokens that the server makes for an organization.",
  "gitpod.v1.OIDCConfig.v2": "v2 is tokens whose subject is `organization:<id>/user:<id>`.",
  "gitpod.v1.OIDCConfig.v3": "v3 is tokens whose subject can say more. New organizations have it.",
  "gitpod.v1.OIDCConfig.version": "version is which form it is. One has to be given.",
  "gitpod.v1.OIDCConfigV2": "OIDCConfigV2 is the older form of ID tokens, which has nothing to choose.",
  "gitpod.v1.OIDCConfigV3": "OIDCConfigV3 is the newer form of ID tokens.",
  "gitpod.v1.OIDCConfigV3.extra_sub_fields":
    "extra_sub_fields is the keys that are added to the subject, as `/<key>:<value>` in this order, with percent-encoded values. At most 50, each once. Empty makes the subject that of v2.",
  "gitpod.v1.AnnouncementBanner": "AnnouncementBanner is a message to everybody in an organization.",
  "gitpod.v1.AnnouncementBanner.organization_id": "organization_id is the organization that shows it.",
  "gitpod.v1.AnnouncementBanner.message": "message is the text, in basic Markdown. At most 1000 characters.",
  "gitpod.v1.AnnouncementBanner.enabled": "enabled is whether it is shown.",
  "gitpod.v1.TermsOfService": "TermsOfService is what the members of an organization have to accept.",
  "gitpod.v1.TermsOfService.organization_id": "organization_id is the organization that asks for it.",
  "gitpod.v1.TermsOfService.enabled": "enabled is whether members have to accept it.",
  "gitpod.v1.TermsOfService.current_version": "current_version is the text to accept. Absent when none was published.",
  "gitpod.v1.TermsOfService.current_user_acceptance":
    "current_user_acceptance is the caller's acceptance of the current version. Absent when there is none.",
  "gitpod.v1.TermsOfServiceVersion": "TermsOfServiceVersion is one text that was published. It never changes.",
  "gitpod.v1.TermsOfServiceVersion.id": "id is the id of the version.",
  "gitpod.v1.TermsOfServiceVersion.version": "version is its number, counted from 1 in each organization.",
  "gitpod.v1.TermsOfServiceVersion.markdown": "markdown is the text. At most 32000 characters.",
  "gitpod.v1.TermsOfServiceVersion.created_at": "created_at is when it was published.",
  "gitpod.v1.TermsOfServiceVersion.created_by_user_id": "created_by_user_id is who published it.",
  "gitpod.v1.TermsOfServiceAcceptance": "TermsOfServiceAcceptance is that one person has accepted one version.",
  "gitpod.v1.TermsOfServiceAcceptance.version_id": "version_id is the id of the version.",
  "gitpod.v1.TermsOfServiceAcceptance.version": "version is the number of the version.",
  "gitpod.v1.TermsOfServiceAcceptance.accepted_at": "accepted_at is when it was accepted.",
  "gitpod.v1.MemberTermsOfServiceAcceptance":
    "MemberTermsOfServiceAcceptance is whether one member has accepted the version that was asked for.",
  "gitpod.v1.MemberTermsOfServiceAcceptance.member": "member is the member.",
  "gitpod.v1.MemberTermsOfServiceAcceptance.status": "status is whether they have.",
  "gitpod.v1.MemberTermsOfServiceAcceptance.accepted_version":
    "accepted_version is the number of the newest version that the member has accepted. Absent when there is none.",
  "gitpod.v1.MemberTermsOfServiceAcceptance.accepted_at":
    "accepted_at is when they accepted that one. Absent when there is none.",
  "gitpod.v1.TermsOfServiceAcceptanceFilter":
    "TermsOfServiceAcceptanceFilter is which members to keep: those that meet every condition that is given.",
  "gitpod.v1.TermsOfServiceAcceptanceFilter.statuses": "statuses keeps members with one of these. Empty keeps all.",
  "gitpod.v1.TermsOfServiceAcceptanceFilter.search":
    "search keeps members by name and email, as in ListMembersRequest. At most 256 characters. Empty keeps all.",
  "gitpod.v1.CustomDomain": "CustomDomain is the host name of an organization's own.",
  "gitpod.v1.CustomDomain.id": "id is the id of the domain.",
  "gitpod.v1.CustomDomain.organization_id": "organization_id is the organization that has it.",
  "gitpod.v1.CustomDomain.domain_name": "domain_name is the host name, in lower case, of 4 to 253 characters.",
  "gitpod.v1.CustomDomain.provider": "provider is the cloud that fronts it.",
  "gitpod.v1.CustomDomain.aws_account_id":
    "aws_account_id is the old form of cloud_account_id, and set to the same value unless the provider is Google Cloud.",
  "gitpod.v1.CustomDomain.created_at": "created_at is when it was made.",
  "gitpod.v1.CustomDomain.updated_at": "updated_at is when it was last changed.",
  "gitpod.v1.CustomDomain.cloud_account_id":
    "cloud_account_id is the AWS account id, or the Google Cloud project id. Empty when none was given.",
  "gitpod.v1.OrganizationTierFailedPreconditionDetails":
    "OrganizationTierFailedPreconditionDetails is the detail of an error that another plan would avoid. This server knows one plan and never sends it.",
  "gitpod.v1.OrganizationTierFailedPreconditionDetails.message": "message is what to tell the user.",
  "gitpod.v1.OrganizationTierFailedPreconditionDetails.required_tier":
    "required_tier is the plan that has the feature.",
  "gitpod.v1.PolicyEnforcedFailedPreconditionDetails":
    "PolicyEnforcedFailedPreconditionDetails is the detail of an error that a policy of the organization caused.",
  "gitpod.v1.PolicyEnforcedFailedPreconditionDetails.message": "message is what to tell the user.",
  "gitpod.v1.PolicyEnforcedFailedPreconditionDetails.policy_name":
    "policy_name is which policy it was, as the name of its field in OrganizationPolicies.",
  "gitpod.v1.PolicyEnforcedFailedPreconditionDetails.max_lifetime_exceeded":
    "max_lifetime_exceeded is that an environment is older than the policy allows.",
  "gitpod.v1.PolicyEnforcedFailedPreconditionDetails.details":
    "details is what more there is to say, for some policies.",
  "gitpod.v1.EnvironmentMaxLifetimeExceededDetails":
    "EnvironmentMaxLifetimeExceededDetails is that an environment is older than the policy allows.",
  "gitpod.v1.EnvironmentMaxLifetimeExceededDetails.expired_at": "expired_at is since when.",
  "gitpod.v1.EnvironmentMaxLifetimeExceededDetails.policy_value": "policy_value is how long the policy allows.",
  "gitpod.v1.OrganizationTier": "OrganizationTier is the plan of an organization.",
  "gitpod.v1.OrganizationTier.ORGANIZATION_TIER_UNSPECIFIED": "ORGANIZATION_TIER_UNSPECIFIED is never sent.",
  "gitpod.v1.OrganizationTier.ORGANIZATION_TIER_FREE":
    "ORGANIZATION_TIER_FREE is a plan that this server does not use.",
  "gitpod.v1.OrganizationTier.ORGANIZATION_TIER_ENTERPRISE":
    "ORGANIZATION_TIER_ENTERPRISE is the plan of every organization on this server.",
  "gitpod.v1.OrganizationTier.ORGANIZATION_TIER_CORE":
    "ORGANIZATION_TIER_CORE is a plan that this server does not use.",
  "gitpod.v1.OrganizationTier.ORGANIZATION_TIER_FREE_ONA":
    "ORGANIZATION_TIER_FREE_ONA is a plan that this server does not use.",
  "gitpod.v1.OrganizationRole": "OrganizationRole is what a member of an organization may do.",
  "gitpod.v1.OrganizationRole.ORGANIZATION_ROLE_UNSPECIFIED":
    "ORGANIZATION_ROLE_UNSPECIFIED is never sent by the server, and refused by it.",
  "gitpod.v1.OrganizationRole.ORGANIZATION_ROLE_ADMIN":
    "ORGANIZATION_ROLE_ADMIN may do everything in the organization.",
  "gitpod.v1.OrganizationRole.ORGANIZATION_ROLE_MEMBER":
    "ORGANIZATION_ROLE_MEMBER may read what concerns everybody, and manage what is their own.",
  "gitpod.v1.SSOConfigurationState": "SSOConfigurationState is whether people can sign in through a provider.",
  "gitpod.v1.SSOConfigurationState.SSO_CONFIGURATION_STATE_UNSPECIFIED":
    "SSO_CONFIGURATION_STATE_UNSPECIFIED is never sent by the server. In an update it leaves the state as it is.",
  "gitpod.v1.SSOConfigurationState.SSO_CONFIGURATION_STATE_INACTIVE":
    "SSO_CONFIGURATION_STATE_INACTIVE means that nobody can sign in through it. Sessions that exist stay.",
  "gitpod.v1.SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE":
    "SSO_CONFIGURATION_STATE_ACTIVE means that people can sign in through it.",
  "gitpod.v1.DomainVerificationState": "DomainVerificationState is whether a domain is proven.",
  "gitpod.v1.DomainVerificationState.DOMAIN_VERIFICATION_STATE_UNSPECIFIED":
    "DOMAIN_VERIFICATION_STATE_UNSPECIFIED is never sent.",
  "gitpod.v1.DomainVerificationState.DOMAIN_VERIFICATION_STATE_PENDING":
    "DOMAIN_VERIFICATION_STATE_PENDING means that it is not, or no longer.",
  "gitpod.v1.DomainVerificationState.DOMAIN_VERIFICATION_STATE_VERIFIED":
    "DOMAIN_VERIFICATION_STATE_VERIFIED means that it is.",
  "gitpod.v1.ConversationSharingPolicy":
    "ConversationSharingPolicy is whether conversations with agents may be shared.",
  "gitpod.v1.ConversationSharingPolicy.CONVERSATION_SHARING_POLICY_UNSPECIFIED":
    "CONVERSATION_SHARING_POLICY_UNSPECIFIED is no decision.",
  "gitpod.v1.ConversationSharingPolicy.CONVERSATION_SHARING_POLICY_DISABLED":
    "CONVERSATION_SHARING_POLICY_DISABLED means with nobody.",
  "gitpod.v1.ConversationSharingPolicy.CONVERSATION_SHARING_POLICY_ORGANIZATION":
    "CONVERSATION_SHARING_POLICY_ORGANIZATION means with members of the organization.",
  "gitpod.v1.CodexModelPolicyState": "CodexModelPolicyState is whether a model may be chosen.",
  "gitpod.v1.CodexModelPolicyState.CODEX_MODEL_POLICY_STATE_UNSPECIFIED":
    "CODEX_MODEL_POLICY_STATE_UNSPECIFIED means that it may.",
  "gitpod.v1.CodexModelPolicyState.CODEX_MODEL_POLICY_STATE_ALLOWED":
    "CODEX_MODEL_POLICY_STATE_ALLOWED means that it may.",
  "gitpod.v1.CodexModelPolicyState.CODEX_MODEL_POLICY_STATE_DISABLED":
    "CODEX_MODEL_POLICY_STATE_DISABLED means that it may not.",
  "gitpod.v1.TermsOfServiceAcceptanceStatus":
    "TermsOfServiceAcceptanceStatus is whether a member has accepted a version of the terms.",
  "gitpod.v1.TermsOfServiceAcceptanceStatus.TERMS_OF_SERVICE_ACCEPTANCE_STATUS_UNSPECIFIED":
    "TERMS_OF_SERVICE_ACCEPTANCE_STATUS_UNSPECIFIED is never sent.",
  "gitpod.v1.TermsOfServiceAcceptanceStatus.TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED":
    "TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED means that they have.",
  "gitpod.v1.TermsOfServiceAcceptanceStatus.TERMS_OF_SERVICE_ACCEPTANCE_STATUS_PENDING":
    "TERMS_OF_SERVICE_ACCEPTANCE_STATUS_PENDING means that they have not.",
  "gitpod.v1.CustomDomainProvider": "CustomDomainProvider is the cloud that fronts a custom domain.",
  "gitpod.v1.CustomDomainProvider.CUSTOM_DOMAIN_PROVIDER_UNSPECIFIED":
    "CUSTOM_DOMAIN_PROVIDER_UNSPECIFIED means that none was named.",
  "gitpod.v1.CustomDomainProvider.CUSTOM_DOMAIN_PROVIDER_AWS": "CUSTOM_DOMAIN_PROVIDER_AWS is Amazon Web Services.",
  "gitpod.v1.CustomDomainProvider.CUSTOM_DOMAIN_PROVIDER_GCP": "CUSTOM_DOMAIN_PROVIDER_GCP is Google Cloud.",
  "gitpod.v1.AccountService":
    "AccountService is about a person across organizations, and about how somebody who is not signed in yet can sign in.\n\nThe three methods that anyone may call answer by verified domain alone: they never tell who has an account. They are limited in how often one address may call them. Any method can fail as OrganizationService says.",
  "gitpod.v1.AccountService.GetAccount":
    "GetAccount returns the caller's account, with all its memberships.\n\nPermission: user. The operator is no person, and has none.\n\nErrors: `failed_precondition` for the operator.",
  "gitpod.v1.AccountService.GetSSOLoginURL":
    "GetSSOLoginURL returns where to send the browser of somebody who has typed an email address.\n\nPermission: anyone.\n\nErrors: `not_found` when no active SSO configuration serves the domain of the address; `invalid_argument` when return_to leads to another origin.",
  "gitpod.v1.AccountService.ListSSOLogins":
    "ListSSOLogins returns a page of the SSO configurations through which somebody with this email address can sign in. One domain may be served by several, in several organizations.\n\nPermission: anyone.\n\nErrors: `invalid_argument` when return_to leads to another origin, or the page token is not one of this list.",
  "gitpod.v1.AccountService.ListLoginProviders":
    "ListLoginProviders returns a page of the ways to sign in: those of an invite, those of an email address, or those that everybody has. It changes nothing, but is not served over GET: a URL with an invite in it would be kept in too many places.\n\nPermission: anyone.\n\nErrors: `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.AccountService.ListJoinableOrganizations":
    "ListJoinableOrganizations returns a page of the organizations that the caller could join by the domain of its email.\n\nPermission: user. The operator is no person, and can join none.\n\nErrors: `failed_precondition` for the operator; `invalid_argument` when the page token is not one of this list.",
  "gitpod.v1.GetAccountRequest": "GetAccountRequest is empty: the credential says who asks.",
  "gitpod.v1.GetAccountResponse": "GetAccountResponse is the caller's account.",
  "gitpod.v1.GetAccountResponse.account": "account is the account.",
  "gitpod.v1.GetSSOLoginURLRequest": "GetSSOLoginURLRequest is who wants to sign in.",
  "gitpod.v1.GetSSOLoginURLRequest.email": "email is the address that was typed. Only its domain matters.",
  "gitpod.v1.GetSSOLoginURLRequest.return_to":
    "return_to is where to send the browser after the sign-in: a URL of the server's own origin. Absent means the console.",
  "gitpod.v1.GetSSOLoginURLResponse": "GetSSOLoginURLResponse is where to go.",
  "gitpod.v1.GetSSOLoginURLResponse.login_url": "login_url is the URL that starts the sign-in.",
  "gitpod.v1.ListSSOLoginsRequest": "ListSSOLoginsRequest is who wants to sign in.",
  "gitpod.v1.ListSSOLoginsRequest.email": "email is the address that was typed. Only its domain matters.",
  "gitpod.v1.ListSSOLoginsRequest.return_to":
    "return_to is where to send the browser after the sign-in: a URL of the server's own origin. Absent means the console.",
  "gitpod.v1.ListSSOLoginsRequest.pagination": "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListSSOLoginsResponse": "ListSSOLoginsResponse is a page of ways to sign in.",
  "gitpod.v1.ListSSOLoginsResponse.logins":
    "logins is the page, with one entry for each SSO configuration. Empty when there is nothing more.",
  "gitpod.v1.ListSSOLoginsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListSSOLoginsResponse.Login": "Login is one way to sign in.",
  "gitpod.v1.ListSSOLoginsResponse.Login.display_name": "display_name is the label of the SSO configuration.",
  "gitpod.v1.ListSSOLoginsResponse.Login.login_url": "login_url is the URL that starts the sign-in.",
  "gitpod.v1.ListLoginProvidersRequest": "ListLoginProvidersRequest is which ways to sign in to list.",
  "gitpod.v1.ListLoginProvidersRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListLoginProvidersRequest.filter": "filter is for whom. Absent means for anybody.",
  "gitpod.v1.ListLoginProvidersRequest.Filter": "Filter is for whom ways to sign in are listed.",
  "gitpod.v1.ListLoginProvidersRequest.Filter.invite_id":
    "invite_id is an invite: the ways into its organization are kept. Absent keeps all.",
  "gitpod.v1.ListLoginProvidersRequest.Filter.email":
    "email is an address: of SSO configurations, those that serve its domain are kept. Absent keeps none of them, unless there is an invite.",
  "gitpod.v1.ListLoginProvidersResponse": "ListLoginProvidersResponse is a page of ways to sign in.",
  "gitpod.v1.ListLoginProvidersResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListLoginProvidersResponse.login_providers":
    "login_providers is the page. Empty when there is nothing more.",
  "gitpod.v1.ListLoginProvidersResponse.allow_custom":
    "allow_custom is whether an SSO configuration serves the domain of the address, or the organization of the invite.",
  "gitpod.v1.ListJoinableOrganizationsRequest":
    "ListJoinableOrganizationsRequest is which page of organizations to list.",
  "gitpod.v1.ListJoinableOrganizationsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListJoinableOrganizationsResponse":
    "ListJoinableOrganizationsResponse is a page of organizations that the caller could join.",
  "gitpod.v1.ListJoinableOrganizationsResponse.joinable_organizations":
    "joinable_organizations is the page. Empty when there is nothing more.",
  "gitpod.v1.ListJoinableOrganizationsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.Account": "Account is a person, above organizations.",
  "gitpod.v1.Account.id":
    "id is the id of the account. It is none of the user ids that the person has in organizations.",
  "gitpod.v1.Account.name": "name is the person's name.",
  "gitpod.v1.Account.avatar_url": "avatar_url is a picture. Empty when there is none.",
  "gitpod.v1.Account.email": "email is the person's email.",
  "gitpod.v1.Account.created_at": "created_at is when the account was made.",
  "gitpod.v1.Account.updated_at": "updated_at is when name, picture or email last changed.",
  "gitpod.v1.Account.memberships": "memberships is the organizations of the person.",
  "gitpod.v1.Account.joinables": "joinables is the old form of ListJoinableOrganizations. It is always empty.",
  "gitpod.v1.Account.public_email_provider": "public_email_provider is whether the email is of a public mail provider.",
  "gitpod.v1.Account.organization_id":
    "organization_id is the organization through whose SSO configuration, or by whose directory, the account was made. Absent when it was made otherwise.",
  "gitpod.v1.AccountMembership": "AccountMembership is one organization of a person.",
  "gitpod.v1.AccountMembership.user_id": "user_id is the person's user id in it.",
  "gitpod.v1.AccountMembership.user_role": "user_role is the person's role in it.",
  "gitpod.v1.AccountMembership.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.AccountMembership.organization_name": "organization_name is its name.",
  "gitpod.v1.AccountMembership.organization_member_count":
    "organization_member_count is how many members it has, without those who left.",
  "gitpod.v1.AccountMembership.organization_tier": "organization_tier is its plan.",
  "gitpod.v1.JoinableOrganization": "JoinableOrganization is an organization that somebody could join.",
  "gitpod.v1.JoinableOrganization.organization_id": "organization_id is the id of the organization.",
  "gitpod.v1.JoinableOrganization.organization_name": "organization_name is its name.",
  "gitpod.v1.JoinableOrganization.organization_member_count":
    "organization_member_count is how many members it has, without those who left.",
  "gitpod.v1.LoginProvider": "LoginProvider is a way to sign in.",
  "gitpod.v1.LoginProvider.login_url":
    "login_url is the URL that starts the sign-in. Set when the provider is `custom`.",
  "gitpod.v1.LoginProvider.provider":
    "provider is which way it is: `github`, `google`, or `custom` for an SSO configuration.",
  "gitpod.v1.ActionableErrorDetails": "ActionableErrorDetails is an error, with what the user can do about it.",
  "gitpod.v1.ActionableErrorDetails.error_code": "error_code is which error it is, for programs.",
  "gitpod.v1.ActionableErrorDetails.user_message": "user_message is what to tell the user.",
  "gitpod.v1.ActionableErrorDetails.metadata": "metadata is what the error is about, by name.",
  "gitpod.v1.ActionableErrorDetails.actions": "actions is what to offer. Empty when there is nothing to do.",
  "gitpod.v1.ErrorAction": "ErrorAction is one thing that the user can do about an error.",
  "gitpod.v1.ErrorAction.action_id": "action_id is which action it is, for programs.",
  "gitpod.v1.ErrorAction.label": "label is the text of the button.",
  "gitpod.v1.ErrorAction.dashboard_path": "dashboard_path is a path within the console.",
  "gitpod.v1.ErrorAction.external_url": "external_url is a URL outside of it.",
  "gitpod.v1.ErrorAction.target": "target is where the button leads.",
  "gitpod.v1.ResourceType": "ResourceType is a kind of thing.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_UNSPECIFIED": "RESOURCE_TYPE_UNSPECIFIED is no kind.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ENVIRONMENT":
    "RESOURCE_TYPE_ENVIRONMENT is an environment, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_RUNNER": "RESOURCE_TYPE_RUNNER is a runner, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_PROJECT":
    "RESOURCE_TYPE_PROJECT is a project, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_TASK": "RESOURCE_TYPE_TASK is a task, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_TASK_EXECUTION":
    "RESOURCE_TYPE_TASK_EXECUTION is a task execution, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SERVICE":
    "RESOURCE_TYPE_SERVICE is a service, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ORGANIZATION": "RESOURCE_TYPE_ORGANIZATION is an organization.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_USER": "RESOURCE_TYPE_USER is a member of an organization.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ENVIRONMENT_CLASS":
    "RESOURCE_TYPE_ENVIRONMENT_CLASS is an environment class, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_RUNNER_SCM_INTEGRATION":
    "RESOURCE_TYPE_RUNNER_SCM_INTEGRATION is a runner SCM integration, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_HOST_AUTHENTICATION_TOKEN":
    "RESOURCE_TYPE_HOST_AUTHENTICATION_TOKEN is a host authentication token, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_GROUP": "RESOURCE_TYPE_GROUP is a group.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_PERSONAL_ACCESS_TOKEN":
    "RESOURCE_TYPE_PERSONAL_ACCESS_TOKEN is a personal access token.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_USER_PREFERENCE":
    "RESOURCE_TYPE_USER_PREFERENCE is a user preference, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SERVICE_ACCOUNT":
    "RESOURCE_TYPE_SERVICE_ACCOUNT is a service account, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SECRET": "RESOURCE_TYPE_SECRET is a secret, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SSO_CONFIG": "RESOURCE_TYPE_SSO_CONFIG is an SSO configuration.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_DOMAIN_VERIFICATION":
    "RESOURCE_TYPE_DOMAIN_VERIFICATION is a domain verification.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_AGENT_EXECUTION":
    "RESOURCE_TYPE_AGENT_EXECUTION is an agent execution, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_RUNNER_LLM_INTEGRATION":
    "RESOURCE_TYPE_RUNNER_LLM_INTEGRATION is a runner LLM integration, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_AGENT": "RESOURCE_TYPE_AGENT is an agent, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ENVIRONMENT_SESSION":
    "RESOURCE_TYPE_ENVIRONMENT_SESSION is an environment session, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_USER_SECRET":
    "RESOURCE_TYPE_USER_SECRET is a user secret, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ORGANIZATION_POLICY":
    "RESOURCE_TYPE_ORGANIZATION_POLICY is the policies of an organization.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ORGANIZATION_SECRET":
    "RESOURCE_TYPE_ORGANIZATION_SECRET is an organization secret, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_PROJECT_ENVIRONMENT_CLASS":
    "RESOURCE_TYPE_PROJECT_ENVIRONMENT_CLASS is a project environment class, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_BILLING":
    "RESOURCE_TYPE_BILLING is a billing, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_PROMPT": "RESOURCE_TYPE_PROMPT is a prompt, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_COUPON": "RESOURCE_TYPE_COUPON is a coupon, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_COUPON_REDEMPTION":
    "RESOURCE_TYPE_COUPON_REDEMPTION is a coupon redemption, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ACCOUNT": "RESOURCE_TYPE_ACCOUNT is an account.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_INTEGRATION":
    "RESOURCE_TYPE_INTEGRATION is an integration, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_WORKFLOW":
    "RESOURCE_TYPE_WORKFLOW is a workflow, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_WORKFLOW_EXECUTION":
    "RESOURCE_TYPE_WORKFLOW_EXECUTION is a workflow execution, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_WORKFLOW_EXECUTION_ACTION":
    "RESOURCE_TYPE_WORKFLOW_EXECUTION_ACTION is a workflow execution action, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SNAPSHOT":
    "RESOURCE_TYPE_SNAPSHOT is a snapshot, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_PREBUILD":
    "RESOURCE_TYPE_PREBUILD is a prebuild, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ORGANIZATION_LLM_INTEGRATION":
    "RESOURCE_TYPE_ORGANIZATION_LLM_INTEGRATION is an organization LLM integration, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_CUSTOM_DOMAIN": "RESOURCE_TYPE_CUSTOM_DOMAIN is a custom domain.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ROLE_ASSIGNMENT_CHANGED":
    "RESOURCE_TYPE_ROLE_ASSIGNMENT_CHANGED is a role assignment, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_GROUP_MEMBERSHIP_CHANGED":
    "RESOURCE_TYPE_GROUP_MEMBERSHIP_CHANGED is a membership of a group.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_WEBHOOK":
    "RESOURCE_TYPE_WEBHOOK is a webhook, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SCIM_CONFIGURATION":
    "RESOURCE_TYPE_SCIM_CONFIGURATION is a SCIM configuration.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SERVICE_ACCOUNT_SECRET":
    "RESOURCE_TYPE_SERVICE_ACCOUNT_SECRET is a service account secret, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ANNOUNCEMENT_BANNER":
    "RESOURCE_TYPE_ANNOUNCEMENT_BANNER is the banner of an organization.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SERVICE_ACCOUNT_TOKEN":
    "RESOURCE_TYPE_SERVICE_ACCOUNT_TOKEN is a service account token, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_ROLE_ASSIGNMENT":
    "RESOURCE_TYPE_ROLE_ASSIGNMENT is a role assignment, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_WARM_POOL":
    "RESOURCE_TYPE_WARM_POOL is a warm pool, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_NOTIFICATION":
    "RESOURCE_TYPE_NOTIFICATION is a notification, which this server does not have.",
  "gitpod.v1.ResourceType.RESOURCE_TYPE_SECURITY_POLICY":
    "RESOURCE_TYPE_SECURITY_POLICY is a security policy, which this server does not have.",
  "gitpod.v1.EventService":
    "EventService tells admins what happened in their organization, and what happens now.\n\nAny method can fail as OrganizationService says.",
  "gitpod.v1.EventService.ListAuditLogs":
    "ListAuditLogs returns a page of the audit log of the caller's organization, the newest entry first.\n\nPermission: admin.\n\nErrors: `invalid_argument` when the sort field is unknown, or the page token is not one of this list with this filter.",
  "gitpod.v1.EventService.GetAuditLog":
    "GetAuditLog returns one entry of the audit log of the caller's organization.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "gitpod.v1.EventService.WatchEvents":
    "WatchEvents sends an event for each change in the caller's organization from now on, in the order in which the changes happened, until the caller ends the stream. While nothing happens it sends an empty message, after a second for the first time and then every twenty, so that nobody takes the connection for dead; leave it aside.\n\nA client that sends `Accept: application/jsonl` gets one message a line, as JSON, and no empty ones.\n\nPermission: admin.\n\nErrors: `invalid_argument` when the scope is nothing; `not_found` for the scope of an environment, which this server does not have; `resource_exhausted` when the caller reads more slowly than events come; `unauthenticated` and `permission_denied` as soon as the caller may watch no more; `unavailable` when the server shuts down.",
  "gitpod.v1.ListAuditLogsRequest": "ListAuditLogsRequest is which entries to list, and how.",
  "gitpod.v1.ListAuditLogsRequest.pagination": "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListAuditLogsRequest.filter": "filter is which entries to keep. Absent keeps them all.",
  "gitpod.v1.ListAuditLogsRequest.sort":
    "sort is the order. The only field is `createdAt`. Absent means the newest first.",
  "gitpod.v1.ListAuditLogsRequest.Filter":
    "Filter is which entries to keep: those that meet every condition that is given.",
  "gitpod.v1.ListAuditLogsRequest.Filter.actor_ids":
    "actor_ids keeps what these have done. At most 25. Empty keeps all.",
  "gitpod.v1.ListAuditLogsRequest.Filter.actor_principals":
    "actor_principals keeps what these kinds of actors have done. At most 25. Empty keeps all.",
  "gitpod.v1.ListAuditLogsRequest.Filter.subject_ids":
    "subject_ids keeps what was done to these. At most 25. Empty keeps all.",
  "gitpod.v1.ListAuditLogsRequest.Filter.subject_types":
    "subject_types keeps what was done to these kinds of things. At most 25. Empty keeps all.",
  "gitpod.v1.ListAuditLogsRequest.Filter.from": "from keeps what was done at this time or later. Absent keeps all.",
  "gitpod.v1.ListAuditLogsRequest.Filter.to": "to keeps what was done before this time. Absent keeps all.",
  "gitpod.v1.ListAuditLogsResponse": "ListAuditLogsResponse is a page of the audit log.",
  "gitpod.v1.ListAuditLogsResponse.entries": "entries is the page. Empty when there is nothing more.",
  "gitpod.v1.ListAuditLogsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry": "AuditLogEntry is one thing that was done.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.id": "id is the id of the entry.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.actor_id":
    "actor_id is the id of who did it. Empty when nobody with an id did.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.actor_principal": "actor_principal is what kind of actor did it.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.subject_id": "subject_id is the id of what it was done to.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.subject_type": "subject_type is what kind of thing it was done to.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.action":
    "action is what was done, as `noun.verb`, for instance `sso_configuration.update`.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.created_at": "created_at is when it was done.",
  "gitpod.v1.ListAuditLogsResponse.AuditLogEntry.kind": "kind is what sort of entry it is.",
  "gitpod.v1.GetAuditLogRequest": "GetAuditLogRequest is which entry to read.",
  "gitpod.v1.GetAuditLogRequest.audit_log_entry_id": "audit_log_entry_id is the id of the entry.",
  "gitpod.v1.GetAuditLogResponse": "GetAuditLogResponse is one entry of the audit log.",
  "gitpod.v1.GetAuditLogResponse.entry": "entry is the entry.",
  "gitpod.v1.GetAuditLogResponse.details":
    "details is never set on this server. GetAuditLogChange of organization.v1.AuditService says what a change did.",
  "gitpod.v1.WatchEventsRequest": "WatchEventsRequest is which changes to watch.",
  "gitpod.v1.WatchEventsRequest.organization":
    "organization is the whole organization of the caller. It has to be true.",
  "gitpod.v1.WatchEventsRequest.environment_id": "environment_id is one environment, which this server does not have.",
  "gitpod.v1.WatchEventsRequest.resource_type_filters":
    "resource_type_filters keeps changes that one of these lets through. At most 50. Empty keeps all.",
  "gitpod.v1.WatchEventsRequest.scope": "scope is where to watch. Absent means the whole organization of the caller.",
  "gitpod.v1.WatchEventsRequest.ResourceTypeFilter":
    "ResourceTypeFilter is which changes of one kind of thing to keep.",
  "gitpod.v1.WatchEventsRequest.ResourceTypeFilter.resource_type": "resource_type is the kind of thing.",
  "gitpod.v1.WatchEventsRequest.ResourceTypeFilter.resource_ids":
    "resource_ids keeps changes of these. At most 25. Empty keeps all.",
  "gitpod.v1.WatchEventsRequest.ResourceTypeFilter.creator_ids":
    "creator_ids keeps changes of what these have made. At most 25. Empty keeps all.",
  "gitpod.v1.WatchEventsResponse":
    "WatchEventsResponse is one change, or an empty message, which says only that the stream lives.",
  "gitpod.v1.WatchEventsResponse.operation":
    "operation is what happened to the thing. RESOURCE_OPERATION_UNSPECIFIED means that nothing has happened.",
  "gitpod.v1.WatchEventsResponse.resource_type": "resource_type is what kind of thing it is.",
  "gitpod.v1.WatchEventsResponse.resource_id": "resource_id is the id of the thing. Empty in an empty message.",
  "gitpod.v1.AuditLogEntryDetails":
    "AuditLogEntryDetails is more about an entry of a kind that this server never writes.",
  "gitpod.v1.AuditLogEntryKind": "AuditLogEntryKind is a sort of audit log entry.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_UNSPECIFIED": "AUDIT_LOG_ENTRY_KIND_UNSPECIFIED is never sent.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_AGENT_SECURITY_EXEC_BLOCKED":
    "AUDIT_LOG_ENTRY_KIND_AGENT_SECURITY_EXEC_BLOCKED is that an executable was blocked. This server never writes it.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_AGENT_SECURITY_EXEC_AUDITED":
    "AUDIT_LOG_ENTRY_KIND_AGENT_SECURITY_EXEC_AUDITED is that an executable was noticed. This server never writes it.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE":
    "AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE is that something was changed.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_CREDENTIAL_ACCESS":
    "AUDIT_LOG_ENTRY_KIND_CREDENTIAL_ACCESS is that a credential was made, used or refused.",
  "gitpod.v1.AuditLogEntryKind.AUDIT_LOG_ENTRY_KIND_ENVIRONMENT_VETO":
    "AUDIT_LOG_ENTRY_KIND_ENVIRONMENT_VETO is that an environment refused something. This server never writes it.",
  "gitpod.v1.ResourceOperation": "ResourceOperation is what happened to a thing.",
  "gitpod.v1.ResourceOperation.RESOURCE_OPERATION_UNSPECIFIED":
    "RESOURCE_OPERATION_UNSPECIFIED means that nothing has happened: the message only says that the stream lives.",
  "gitpod.v1.ResourceOperation.RESOURCE_OPERATION_CREATE": "RESOURCE_OPERATION_CREATE means that it was made.",
  "gitpod.v1.ResourceOperation.RESOURCE_OPERATION_UPDATE": "RESOURCE_OPERATION_UPDATE means that it was changed.",
  "gitpod.v1.ResourceOperation.RESOURCE_OPERATION_DELETE": "RESOURCE_OPERATION_DELETE means that it was removed.",
  "gitpod.v1.ResourceOperation.RESOURCE_OPERATION_UPDATE_STATUS":
    "RESOURCE_OPERATION_UPDATE_STATUS means that its state was changed, and nothing else of it.",
  "gitpod.v1.GroupService":
    "GroupService manages the groups of an organization, and who is in them. Groups that a directory provisions are system managed: only the directory changes them.\n\nAny method can fail as OrganizationService says.",
  "gitpod.v1.GroupService.CreateGroup":
    "CreateGroup makes an empty group.\n\nPermission: admin.\n\nErrors: `already_exists` when the organization has a group of that name.",
  "gitpod.v1.GroupService.GetGroup":
    "GetGroup returns one group of the caller's organization, by its id or by its name.\n\nPermission: member.\n\nErrors: `not_found`; `invalid_argument` when neither is given.",
  "gitpod.v1.GroupService.ListGroups":
    "ListGroups returns a page of the groups of the caller's organization, by name.\n\nPermission: member.\n\nErrors: `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.GroupService.UpdateGroup":
    "UpdateGroup changes the name of a group, its description, or both.\n\nPermission: admin.\n\nErrors: `not_found`; `already_exists` when the organization has another group of that name; `failed_precondition` when the group is system managed.",
  "gitpod.v1.GroupService.DeleteGroup":
    "DeleteGroup removes a group. Its members stay in the organization.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the group is system managed.",
  "gitpod.v1.GroupService.CreateMembership":
    "CreateMembership puts a user into a group.\n\nPermission: admin.\n\nErrors: `not_found` when there is no such group or user; `already_exists` when the user is in it; `failed_precondition` when the group is system managed.",
  "gitpod.v1.GroupService.DeleteMembership":
    "DeleteMembership takes a user out of a group.\n\nPermission: admin.\n\nErrors: `not_found`; `failed_precondition` when the group is system managed.",
  "gitpod.v1.GroupService.GetMembership":
    "GetMembership returns the membership of one user in one group.\n\nPermission: member.\n\nErrors: `not_found`, also when the user is not in the group.",
  "gitpod.v1.GroupService.ListMemberships":
    "ListMemberships returns a page of the members of a group, in the order in which they joined it, or by name when they are searched for.\n\nPermission: member.\n\nErrors: `not_found`; `invalid_argument` when the page token is not one of this list with this filter.",
  "gitpod.v1.CreateGroupRequest": "CreateGroupRequest is what a new group is made of.",
  "gitpod.v1.CreateGroupRequest.organization_id": "organization_id is the organization of the group.",
  "gitpod.v1.CreateGroupRequest.name":
    "name is what people call the group: 3 to 80 characters, unique in the organization when case is left aside.",
  "gitpod.v1.CreateGroupRequest.description":
    "description is what it is for. At most 255 characters. Empty means none.",
  "gitpod.v1.CreateGroupResponse": "CreateGroupResponse is the new group.",
  "gitpod.v1.CreateGroupResponse.group": "group is the group as it was stored.",
  "gitpod.v1.GetGroupRequest": "GetGroupRequest is which group to read.",
  "gitpod.v1.GetGroupRequest.group_id":
    "group_id is the old form of id, which wins when both are given. Empty when it is not used.",
  "gitpod.v1.GetGroupRequest.id": "id is the id of the group.",
  "gitpod.v1.GetGroupRequest.name": "name is the name of the group, 3 to 80 characters, when case is left aside.",
  "gitpod.v1.GetGroupRequest.group": "group is by what the group is found. One has to be given, unless group_id is.",
  "gitpod.v1.GetGroupResponse": "GetGroupResponse is one group.",
  "gitpod.v1.GetGroupResponse.group": "group is the group.",
  "gitpod.v1.ListGroupsRequest": "ListGroupsRequest is which groups to list.",
  "gitpod.v1.ListGroupsRequest.pagination": "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListGroupsRequest.filter": "filter is which groups to keep. Absent keeps them all.",
  "gitpod.v1.ListGroupsRequest.Filter":
    "Filter is which groups to keep: those that meet every condition that is given.",
  "gitpod.v1.ListGroupsRequest.Filter.search":
    "search keeps groups whose name contains this text, when case is left aside. At most 256 characters. Empty keeps all.",
  "gitpod.v1.ListGroupsRequest.Filter.group_ids": "group_ids keeps these groups. At most 25. Empty keeps all.",
  "gitpod.v1.ListGroupsRequest.Filter.system_managed":
    "system_managed keeps the groups that are, or are not, system managed. Absent keeps both.",
  "gitpod.v1.ListGroupsRequest.Filter.direct_share":
    "direct_share keeps the groups that are, or are not, made for sharing one thing. This server makes none. Absent keeps both.",
  "gitpod.v1.ListGroupsRequest.Filter.exclude_assigned_to_resource":
    "exclude_assigned_to_resource drops groups that are assigned to a thing. This server assigns none, so it drops nothing.",
  "gitpod.v1.ListGroupsRequest.Filter.ExcludeAssignedToResource":
    "ExcludeAssignedToResource is a thing that groups can be assigned to.",
  "gitpod.v1.ListGroupsRequest.Filter.ExcludeAssignedToResource.resource_type":
    "resource_type is what kind of thing it is.",
  "gitpod.v1.ListGroupsRequest.Filter.ExcludeAssignedToResource.resource_id": "resource_id is the id of the thing.",
  "gitpod.v1.ListGroupsResponse": "ListGroupsResponse is a page of groups.",
  "gitpod.v1.ListGroupsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListGroupsResponse.groups": "groups is the page, by name. Empty when there is nothing more.",
  "gitpod.v1.UpdateGroupRequest":
    "UpdateGroupRequest is the new name and description of a group. Mind that its rules ask for the name each time.",
  "gitpod.v1.UpdateGroupRequest.group_id": "group_id is the id of the group.",
  "gitpod.v1.UpdateGroupRequest.name": "name is the new name, 3 to 80 characters. Send the old one to keep it.",
  "gitpod.v1.UpdateGroupRequest.description":
    "description is the new description. At most 255 characters. Empty leaves it, so it can be changed but not removed.",
  "gitpod.v1.UpdateGroupResponse": "UpdateGroupResponse is the group after the change.",
  "gitpod.v1.UpdateGroupResponse.group": "group is the group as it is now stored.",
  "gitpod.v1.DeleteGroupRequest": "DeleteGroupRequest is which group to remove.",
  "gitpod.v1.DeleteGroupRequest.group_id": "group_id is the id of the group.",
  "gitpod.v1.DeleteGroupResponse": "DeleteGroupResponse is empty: the group is gone.",
  "gitpod.v1.CreateMembershipRequest": "CreateMembershipRequest is who gets into which group.",
  "gitpod.v1.CreateMembershipRequest.group_id": "group_id is the id of the group.",
  "gitpod.v1.CreateMembershipRequest.subject": "subject is the user, as PRINCIPAL_USER.",
  "gitpod.v1.CreateMembershipResponse": "CreateMembershipResponse is the new membership.",
  "gitpod.v1.CreateMembershipResponse.member": "member is the membership.",
  "gitpod.v1.DeleteMembershipRequest": "DeleteMembershipRequest is which membership to end.",
  "gitpod.v1.DeleteMembershipRequest.membership_id": "membership_id is the id of the membership.",
  "gitpod.v1.DeleteMembershipResponse": "DeleteMembershipResponse is empty: the membership is gone.",
  "gitpod.v1.GetMembershipRequest": "GetMembershipRequest is whose membership in which group to read.",
  "gitpod.v1.GetMembershipRequest.group_id": "group_id is the id of the group.",
  "gitpod.v1.GetMembershipRequest.subject": "subject is the user, as PRINCIPAL_USER.",
  "gitpod.v1.GetMembershipResponse": "GetMembershipResponse is one membership.",
  "gitpod.v1.GetMembershipResponse.member": "member is the membership.",
  "gitpod.v1.ListMembershipsRequest": "ListMembershipsRequest is which members of which group to list.",
  "gitpod.v1.ListMembershipsRequest.pagination": "pagination is which page to return. Absent asks for the first one.",
  "gitpod.v1.ListMembershipsRequest.group_id": "group_id is the id of the group.",
  "gitpod.v1.ListMembershipsRequest.filter": "filter is which members to keep. Absent keeps them all.",
  "gitpod.v1.ListMembershipsRequest.Filter": "Filter is which members to keep.",
  "gitpod.v1.ListMembershipsRequest.Filter.search":
    "search keeps members by name and email, as in ListMembersRequest. At most 256 characters. Empty keeps all.",
  "gitpod.v1.ListMembershipsResponse": "ListMembershipsResponse is a page of the members of a group.",
  "gitpod.v1.ListMembershipsResponse.pagination": "pagination is how to ask for the next page.",
  "gitpod.v1.ListMembershipsResponse.members":
    "members is the page, by name when they are searched for, otherwise whoever joined first. Empty when there is nothing more.",
  "gitpod.v1.Group": "Group is a set of users of an organization.",
  "gitpod.v1.Group.id": "id is the id of the group.",
  "gitpod.v1.Group.organization_id": "organization_id is the organization.",
  "gitpod.v1.Group.name": "name is what people call it, 3 to 80 characters.",
  "gitpod.v1.Group.system_managed": "system_managed is whether only the server, or a directory, changes it.",
  "gitpod.v1.Group.created_at": "created_at is when it was made.",
  "gitpod.v1.Group.updated_at": "updated_at is when its name or description last changed.",
  "gitpod.v1.Group.description": "description is what it is for. At most 255 characters.",
  "gitpod.v1.Group.member_count": "member_count is how many members it has.",
  "gitpod.v1.Group.direct_share": "direct_share is whether it was made for sharing one thing. This server makes none.",
  "gitpod.v1.GroupMembership": "GroupMembership is that a user is in a group.",
  "gitpod.v1.GroupMembership.id": "id is the id of the membership.",
  "gitpod.v1.GroupMembership.subject": "subject is the user, as PRINCIPAL_USER.",
  "gitpod.v1.GroupMembership.group_id": "group_id is the group.",
  "gitpod.v1.GroupMembership.name": "name is the user's name.",
  "gitpod.v1.GroupMembership.avatar_url": "avatar_url is a picture of the user. Empty when there is none.",
  "organization.errors.v1.ErrorDetail":
    "ErrorDetail is the machine-readable part of an error. The message of the error is for people and may change, this may not.",
  "organization.errors.v1.ErrorDetail.reason": "reason is why the call was refused, or failed.",
  "organization.errors.v1.ErrorDetail.metadata":
    "metadata is what the reason is about, by name: for instance the field, the id of what is in the way, or the limit. The comment of a reason names its keys. Empty when there is nothing to add.",
  "organization.errors.v1.ErrorDetail.request_id":
    "request_id is the id under which the server has logged the call. Quote it when you ask for help.",
  "organization.errors.v1.Reason":
    "Reason is why a call was refused, or failed. Numbers are never used again, and new reasons may come at any time: treat an unknown one by the Connect code of the error alone.",
  "organization.errors.v1.Reason.REASON_UNSPECIFIED": "REASON_UNSPECIFIED is never sent.",
  "organization.errors.v1.Reason.REASON_REQUEST_INVALID":
    "REASON_REQUEST_INVALID means that a field breaks a rule. Correct the field that the violations, or `field` in the metadata, name.",
  "organization.errors.v1.Reason.REASON_REQUEST_MALFORMED":
    "REASON_REQUEST_MALFORMED means that the body is not the message that the method takes: not JSON or Protobuf, an unknown field, or a value of the wrong type. Correct the request; it never succeeds as it is.",
  "organization.errors.v1.Reason.REASON_CREDENTIAL_MISSING":
    "REASON_CREDENTIAL_MISSING means that the method needs a credential and the request has none. Send `Authorization: Bearer <token>`.",
  "organization.errors.v1.Reason.REASON_CREDENTIAL_INVALID":
    "REASON_CREDENTIAL_INVALID means that the credential is not one of this server, was revoked, or belongs to somebody who is suspended or has left. Sign in again, or make a new token.",
  "organization.errors.v1.Reason.REASON_CREDENTIAL_EXPIRED":
    "REASON_CREDENTIAL_EXPIRED means that the token or session was good and has run out. Sign in again, or make a new token.",
  "organization.errors.v1.Reason.REASON_ADMIN_REQUIRED":
    "REASON_ADMIN_REQUIRED means that only an admin of the organization may do this. Ask one.",
  "organization.errors.v1.Reason.REASON_OPERATOR_REQUIRED":
    "REASON_OPERATOR_REQUIRED means that only whoever runs the server may do this, with a token made on its command line.",
  "organization.errors.v1.Reason.REASON_PERSON_REQUIRED":
    "REASON_PERSON_REQUIRED means that the method acts for a person, and the operator is none. Call it with the token or session of a user.",
  "organization.errors.v1.Reason.REASON_TOKEN_READ_ONLY":
    "REASON_TOKEN_READ_ONLY means that the token may only read. Use one that was made without `read_only`.",
  "organization.errors.v1.Reason.REASON_ORGANIZATION_REQUIRED":
    "REASON_ORGANIZATION_REQUIRED means that the operator called a method whose request names no organization. Send the header `x-organization-id`.",
  "organization.errors.v1.Reason.REASON_NOT_FOUND":
    "REASON_NOT_FOUND means that there is nothing with this id, or that it belongs to another organization: the two are never told apart. Treat the thing as gone.",
  "organization.errors.v1.Reason.REASON_ALREADY_EXISTS":
    "REASON_ALREADY_EXISTS means that there is one already and there can be no second. Read or update what is there; the same call never succeeds.",
  "organization.errors.v1.Reason.REASON_CONFLICT":
    "REASON_CONFLICT means that somebody else changed the same thing at the same moment. Read it again, then decide again.",
  "organization.errors.v1.Reason.REASON_PAGE_TOKEN_INVALID":
    "REASON_PAGE_TOKEN_INVALID means that the page token was not made by this method for this filter. Start again without one.",
  "organization.errors.v1.Reason.REASON_CLAIMS_EXPRESSION_INVALID":
    "REASON_CLAIMS_EXPRESSION_INVALID means that the claims expression does not compile, or is over a limit of the evaluator. `offset` in the metadata is where, in characters from 0.",
  "organization.errors.v1.Reason.REASON_ISSUER_NOT_ALLOWED":
    "REASON_ISSUER_NOT_ALLOWED means that the issuer URL is not one that the server would contact: not https, with a query, fragment or user info, a discovery URL, or a private address. Send the issuer exactly as the provider's discovery document names it.",
  "organization.errors.v1.Reason.REASON_EMAIL_DOMAIN_DUPLICATE":
    "REASON_EMAIL_DOMAIN_DUPLICATE means that a list holds the same email domain twice, when case and a trailing dot are left aside. Send each once; `domain` in the metadata is the one.",
  "organization.errors.v1.Reason.REASON_SSO_CONFIGURATION_IN_USE":
    "REASON_SSO_CONFIGURATION_IN_USE means that SCIM configurations are linked to the SSO configuration. Unlink or delete them first; `scim_configuration_ids` in the metadata names them, with commas between.",
  "organization.errors.v1.Reason.REASON_LAST_ADMIN":
    "REASON_LAST_ADMIN means that the organization would be left without an active admin. Make somebody else an admin first.",
  "organization.errors.v1.Reason.REASON_MEMBERSHIP_ENDED":
    "REASON_MEMBERSHIP_ENDED means that the person has left the organization. They have to join again.",
  "organization.errors.v1.Reason.REASON_MEMBER_SUSPENDED":
    "REASON_MEMBER_SUSPENDED means that the member is suspended. An admin, or the identity provider that did it, can lift that.",
  "organization.errors.v1.Reason.REASON_NOT_JOINABLE":
    "REASON_NOT_JOINABLE means that the organization does not let the caller in by the domain of the caller's email. Ask an admin for an invite.",
  "organization.errors.v1.Reason.REASON_INVITE_INVALID":
    "REASON_INVITE_INVALID means that the invite does not exist, or was replaced by a newer one. Ask an admin for the current one.",
  "organization.errors.v1.Reason.REASON_CREATE_ORGANIZATION_NOT_ALLOWED":
    "REASON_CREATE_ORGANIZATION_NOT_ALLOWED means that the server does not let users make organizations. Ask whoever runs it.",
  "organization.errors.v1.Reason.REASON_ORGANIZATION_NOT_EMPTY":
    "REASON_ORGANIZATION_NOT_EMPTY means that the organization still holds what a person would expect to be removed first. `blockers` in the metadata names it.",
  "organization.errors.v1.Reason.REASON_DOMAIN_PUBLIC_PROVIDER":
    "REASON_DOMAIN_PUBLIC_PROVIDER means that the domain is one where everybody can have a mailbox, so nobody can prove that it is theirs. Use a domain of your own.",
  "organization.errors.v1.Reason.REASON_DOMAIN_RECORD_NOT_FOUND":
    "REASON_DOMAIN_RECORD_NOT_FOUND means that DNS has no such TXT record. Publish it, wait until DNS has spread it, and try again; `record` in the metadata is its name.",
  "organization.errors.v1.Reason.REASON_DOMAIN_RECORD_MISMATCH":
    "REASON_DOMAIN_RECORD_MISMATCH means that the TXT record exists with another value. Correct the value; `record` and `expected` in the metadata are what it should be.",
  "organization.errors.v1.Reason.REASON_DNS_SERVER_FAILURE":
    "REASON_DNS_SERVER_FAILURE means that the domain's name servers answered with a failure. Try again later, and check the zone.",
  "organization.errors.v1.Reason.REASON_DNS_TIMEOUT":
    "REASON_DNS_TIMEOUT means that DNS did not answer in time. Try again later.",
  "organization.errors.v1.Reason.REASON_DOMAIN_IN_USE":
    "REASON_DOMAIN_IN_USE means that the domain is still needed by something else of the organization. `in_use_by` in the metadata names it.",
  "organization.errors.v1.Reason.REASON_GROUP_SYSTEM_MANAGED":
    "REASON_GROUP_SYSTEM_MANAGED means that the group is kept by the server or by an identity provider, and cannot be changed by hand. Change it at its source.",
  "organization.errors.v1.Reason.REASON_GROUP_NAME_TAKEN":
    "REASON_GROUP_NAME_TAKEN means that the organization has a group of that name, when case is left aside. Choose another.",
  "organization.errors.v1.Reason.REASON_ALREADY_MEMBER":
    "REASON_ALREADY_MEMBER means that the person, or the subject of a group membership, is a member already. There is nothing to do.",
  "organization.errors.v1.Reason.REASON_TERMS_VERSION_OUTDATED":
    "REASON_TERMS_VERSION_OUTDATED means that the accepted version of the terms is not the current one. Read the terms again, and accept the version that they name.",
  "organization.errors.v1.Reason.REASON_OIDC_SUB_FIELD_UNKNOWN":
    "REASON_OIDC_SUB_FIELD_UNKNOWN means that a key for the `sub` of ID tokens is none that the server knows. `field` in the metadata is the key.",
  "organization.errors.v1.Reason.REASON_POLICY_VIOLATION":
    "REASON_POLICY_VIOLATION means that a policy of the organization forbids this. `policy` in the metadata is its name.",
  "organization.errors.v1.Reason.REASON_EXCHANGE_TOKEN_INVALID":
    "REASON_EXCHANGE_TOKEN_INVALID means that the exchange token was used, has run out, or never existed. Sign in again.",
  "organization.errors.v1.Reason.REASON_CROSS_SITE_REQUEST":
    "REASON_CROSS_SITE_REQUEST means that a page of another site sent the request with a session of this one. Send it from the server's own origin, or with a token.",
  "organization.errors.v1.Reason.REASON_RATE_LIMITED":
    "REASON_RATE_LIMITED means that there were too many calls. Wait for as long as the response header `retry-after` says.",
  "organization.errors.v1.Reason.REASON_BODY_TOO_LARGE":
    "REASON_BODY_TOO_LARGE means that the request is bigger than the server takes. Send less; `limit_bytes` in the metadata is how much it takes.",
  "organization.errors.v1.Reason.REASON_OVERLOADED":
    "REASON_OVERLOADED means that the server has more calls in its hands than it takes. Try again after the time that the response header `retry-after` says.",
  "organization.errors.v1.Reason.REASON_UNAVAILABLE":
    "REASON_UNAVAILABLE means that the server, or its store, cannot answer now. Try again with growing pauses.",
  "organization.errors.v1.Reason.REASON_DEADLINE_EXCEEDED":
    "REASON_DEADLINE_EXCEEDED means that the time that the caller gave has run out. Whether a write happened is unknown: read before you repeat it.",
  "organization.errors.v1.Reason.REASON_CANCELED": "REASON_CANCELED means that the caller went away before the answer.",
  "organization.errors.v1.Reason.REASON_SLOW_READER":
    "REASON_SLOW_READER means that the client read a stream more slowly than events came, and was cut off. Read what it missed from the lists, then watch again.",
  "organization.errors.v1.Reason.REASON_UNIMPLEMENTED":
    "REASON_UNIMPLEMENTED means that the server does not have this method, or documents that it does nothing.",
  "organization.errors.v1.Reason.REASON_INTERNAL":
    "REASON_INTERNAL means that the server failed in a way that it does not explain to callers. Whoever runs it finds the cause in the log, by the request id.",
  "organization.v1.AuditService":
    "AuditService shows admins the changes behind the entries of the audit log.\n\nAny method can fail as gitpod.v1.OrganizationService says.",
  "organization.v1.AuditService.GetAuditLogChange":
    "GetAuditLogChange returns what one entry of the audit log of the caller's organization did.\n\nPermission: admin.\n\nErrors: `not_found`.",
  "organization.v1.GetAuditLogChangeRequest": "GetAuditLogChangeRequest is which entry to read.",
  "organization.v1.GetAuditLogChangeRequest.audit_log_entry_id":
    "audit_log_entry_id is the id of the entry, as EventService.ListAuditLogs gives it.",
  "organization.v1.GetAuditLogChangeResponse": "GetAuditLogChangeResponse is what one entry did.",
  "organization.v1.GetAuditLogChangeResponse.change": "change is what it did.",
  "organization.v1.AuditLogChange": "AuditLogChange is an entry of the audit log with what it changed.",
  "organization.v1.AuditLogChange.audit_log_entry_id": "audit_log_entry_id is the id of the entry.",
  "organization.v1.AuditLogChange.action":
    "action is what was done, as `noun.verb`, for instance `sso_configuration.update`.",
  "organization.v1.AuditLogChange.created_at": "created_at is when it was done.",
  "organization.v1.AuditLogChange.before":
    "before is the thing as it was, by the JSON names of its fields. A secret is replaced by a mark that says only that there was one. Absent when there was no such thing before.",
  "organization.v1.AuditLogChange.after":
    "after is the thing as it became, in the same form as before. Absent when there is no such thing any more.",
  "organization.v1.AuditLogChange.request_id":
    "request_id is the id of the call that did it, under which the server's log has more. Empty when no call did.",
  "organization.v1.AuditLogChange.actor":
    "actor is who did it. Absent when nobody did, for instance when something has run out.",
  "organization.v1.AuditLogChange.subject_id": "subject_id is the id of the thing.",
  "organization.v1.AuditLogChange.subject_type": "subject_type is what kind of thing it is.",
  "organization.v1.AuditLogChange.organization_id": "organization_id is the organization in which it was done.",
  "organization.v1.ProvisioningService":
    "ProvisioningService shows admins the log of SCIM requests, previews a request, and lets them decide about mass deprovisionings that were held.\n\nAny method can fail as gitpod.v1.OrganizationService says.",
  "organization.v1.ProvisioningService.ListSCIMRequests":
    "ListSCIMRequests returns a page of the requests to a SCIM configuration, the newest first. What has just arrived at another replica may be missing for a second.\n\nPermission: admin.\n\nErrors: `not_found` when there is no such SCIM configuration; `invalid_argument` when the page token is not one of this list with this filter.",
  "organization.v1.ProvisioningService.GetSCIMRequest":
    "GetSCIMRequest returns one request of the log.\n\nPermission: admin.\n\nErrors: `not_found`, also when the request is older than the log goes back.",
  "organization.v1.ProvisioningService.PreviewSCIMRequest":
    "PreviewSCIMRequest says what a request would do if it came now. It is carried out and then undone: nothing changes. A request that would be refused is no error of this method: the response says how it would be answered.\n\nPermission: admin.\n\nErrors: `not_found` when there is no such SCIM configuration.",
  "organization.v1.ProvisioningService.ListSCIMHolds":
    "ListSCIMHolds returns a page of the holds of mass deprovisionings in the caller's organization, the newest first.\n\nPermission: admin.\n\nErrors: `invalid_argument` when the page token is not one of this list with this filter.",
  "organization.v1.ProvisioningService.ApproveSCIMHold":
    "ApproveSCIMHold lets the SCIM configuration deactivate and delete users until the hold expires. The identity provider repeats what was held by itself.\n\nPermission: admin.\n\nErrors: `not_found`; `aborted` when the hold was refused before.",
  "organization.v1.ProvisioningService.RefuseSCIMHold":
    "RefuseSCIMHold keeps the SCIM configuration from deactivating and deleting users until the hold expires.\n\nPermission: admin.\n\nErrors: `not_found`; `aborted` when the hold was approved before.",
  "organization.v1.ListSCIMRequestsRequest": "ListSCIMRequestsRequest is which requests to list.",
  "organization.v1.ListSCIMRequestsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "organization.v1.ListSCIMRequestsRequest.scim_configuration_id":
    "scim_configuration_id is the SCIM configuration that the requests came to.",
  "organization.v1.ListSCIMRequestsRequest.resource_id":
    "resource_id is the user or group that the requests were about. Absent means any.",
  "organization.v1.ListSCIMRequestsRequest.failed":
    "failed keeps the requests that were answered with an error, or with false those that were not. Absent means both.",
  "organization.v1.ListSCIMRequestsResponse": "ListSCIMRequestsResponse is a page of requests.",
  "organization.v1.ListSCIMRequestsResponse.pagination": "pagination is how to ask for the next page.",
  "organization.v1.ListSCIMRequestsResponse.scim_requests":
    "scim_requests is the page, the newest request first. Empty when there is nothing more.",
  "organization.v1.GetSCIMRequestRequest": "GetSCIMRequestRequest is which request to read.",
  "organization.v1.GetSCIMRequestRequest.scim_request_id": "scim_request_id is the id of the logged request.",
  "organization.v1.GetSCIMRequestResponse": "GetSCIMRequestResponse is one request of the log.",
  "organization.v1.GetSCIMRequestResponse.scim_request": "scim_request is the request.",
  "organization.v1.PreviewSCIMRequestRequest": "PreviewSCIMRequestRequest is the request to preview.",
  "organization.v1.PreviewSCIMRequestRequest.scim_configuration_id":
    "scim_configuration_id is the SCIM configuration that the request would come to.",
  "organization.v1.PreviewSCIMRequestRequest.method": "method is POST, PUT, PATCH or DELETE.",
  "organization.v1.PreviewSCIMRequestRequest.path":
    "path is the path below the base URL of the configuration, for instance `/Users` or `/Groups/<id>`.",
  "organization.v1.PreviewSCIMRequestRequest.body": "body is the JSON body of the request. Absent for DELETE.",
  "organization.v1.PreviewSCIMRequestResponse": "PreviewSCIMRequestResponse is what the request would do.",
  "organization.v1.PreviewSCIMRequestResponse.status": "status is the HTTP status of the answer.",
  "organization.v1.PreviewSCIMRequestResponse.scim_type":
    "scim_type is the machine type of an error answer (RFC 7644, section 3.12). Empty when there is none.",
  "organization.v1.PreviewSCIMRequestResponse.detail":
    "detail is the text of an error answer. Empty when there is none.",
  "organization.v1.PreviewSCIMRequestResponse.normalizations":
    "normalizations is what would be bent in order to serve the request.",
  "organization.v1.PreviewSCIMRequestResponse.before":
    "before is the resource as it is. Absent when there is none, or the request would be refused.",
  "organization.v1.PreviewSCIMRequestResponse.after":
    "after is the resource as it would be. Absent when there would be none, or the request would be refused.",
  "organization.v1.ListSCIMHoldsRequest": "ListSCIMHoldsRequest is which holds to list.",
  "organization.v1.ListSCIMHoldsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "organization.v1.ListSCIMHoldsRequest.scim_configuration_id":
    "scim_configuration_id is the SCIM configuration whose holds are listed. Absent means those of every one.",
  "organization.v1.ListSCIMHoldsResponse": "ListSCIMHoldsResponse is a page of holds.",
  "organization.v1.ListSCIMHoldsResponse.pagination": "pagination is how to ask for the next page.",
  "organization.v1.ListSCIMHoldsResponse.scim_holds":
    "scim_holds is the page, the newest hold first. Empty when there is nothing more.",
  "organization.v1.ApproveSCIMHoldRequest": "ApproveSCIMHoldRequest is which hold to approve.",
  "organization.v1.ApproveSCIMHoldRequest.scim_hold_id": "scim_hold_id is the id of the hold.",
  "organization.v1.ApproveSCIMHoldResponse": "ApproveSCIMHoldResponse is the approved hold.",
  "organization.v1.ApproveSCIMHoldResponse.scim_hold": "scim_hold is the hold with the decision.",
  "organization.v1.RefuseSCIMHoldRequest": "RefuseSCIMHoldRequest is which hold to refuse.",
  "organization.v1.RefuseSCIMHoldRequest.scim_hold_id": "scim_hold_id is the id of the hold.",
  "organization.v1.RefuseSCIMHoldResponse": "RefuseSCIMHoldResponse is the refused hold.",
  "organization.v1.RefuseSCIMHoldResponse.scim_hold": "scim_hold is the hold with the decision.",
  "organization.v1.SCIMRequest":
    "SCIMRequest is one request to a SCIM configuration: what arrived, what was bent, what changed and how it was answered.",
  "organization.v1.SCIMRequest.id": "id is the id of the logged request.",
  "organization.v1.SCIMRequest.scim_configuration_id":
    "scim_configuration_id is the SCIM configuration that it came to.",
  "organization.v1.SCIMRequest.request_id": "request_id joins it with the server's log and with the audit log.",
  "organization.v1.SCIMRequest.created_at": "created_at is when it was answered.",
  "organization.v1.SCIMRequest.method": "method is the HTTP method.",
  "organization.v1.SCIMRequest.path": "path is the path below the base URL of the configuration.",
  "organization.v1.SCIMRequest.query": "query is the query of the URL, without the question mark.",
  "organization.v1.SCIMRequest.body":
    "body is the JSON body with passwords replaced, cut to 65,536 characters. Empty when there was none.",
  "organization.v1.SCIMRequest.user_agent": "user_agent is what the client called itself, cut to 256 characters.",
  "organization.v1.SCIMRequest.status": "status is the HTTP status of the answer.",
  "organization.v1.SCIMRequest.scim_type":
    "scim_type is the machine type of an error answer (RFC 7644, section 3.12). Empty when there is none.",
  "organization.v1.SCIMRequest.detail": "detail is the text of an error answer. Empty when there is none.",
  "organization.v1.SCIMRequest.normalizations": "normalizations is what was bent in order to serve the request.",
  "organization.v1.SCIMRequest.resource_type":
    "resource_type is `User` or `Group`. Empty when the request was about no single resource.",
  "organization.v1.SCIMRequest.resource_id":
    "resource_id is the id of the user or group. Empty when the request was about no single resource.",
  "organization.v1.SCIMRequest.before":
    "before is the resource before a change. Absent when nothing changed, or it was new.",
  "organization.v1.SCIMRequest.after":
    "after is the resource after a change, with the members that came and went instead of all of them. Absent when nothing changed, or it was deleted.",
  "organization.v1.SCIMRequest.duration_ms": "duration_ms is how long the answer took, in milliseconds.",
  "organization.v1.SCIMNormalization":
    "SCIMNormalization is one thing that was bent so that a request that the RFCs do not allow, or leave open, could be served. It holds names and never values.",
  "organization.v1.SCIMNormalization.code": "code is what was bent, for instance `string_boolean`.",
  "organization.v1.SCIMNormalization.path": "path is the attribute or key that it concerns.",
  "organization.v1.SCIMHold":
    "SCIMHold is a stop of what a SCIM configuration would deactivate and delete. Until an admin has decided, such requests are answered with 429 and Retry-After, and all others are served.",
  "organization.v1.SCIMHold.id": "id is the id of the hold.",
  "organization.v1.SCIMHold.scim_configuration_id": "scim_configuration_id is the SCIM configuration.",
  "organization.v1.SCIMHold.state": "state is what was decided.",
  "organization.v1.SCIMHold.deprovisioned_count":
    "deprovisioned_count is how many users were deactivated or deleted in the window of time before the hold.",
  "organization.v1.SCIMHold.active_user_count": "active_user_count is how many active users there were left.",
  "organization.v1.SCIMHold.held_request_count":
    "held_request_count is how many requests were answered with the hold so far.",
  "organization.v1.SCIMHold.last_user_id": "last_user_id is the user who was to be deactivated or deleted last.",
  "organization.v1.SCIMHold.created_at": "created_at is when the hold began.",
  "organization.v1.SCIMHold.decided_at": "decided_at is when it was decided about. Absent before.",
  "organization.v1.SCIMHold.decided_by":
    "decided_by is the id of the user, or of the operator token, who decided. Empty before.",
  "organization.v1.SCIMHold.expires_at": "expires_at is until when the decision counts. Absent before.",
  "organization.v1.SCIMHoldState": "SCIMHoldState is what was decided about a hold.",
  "organization.v1.SCIMHoldState.SCIM_HOLD_STATE_UNSPECIFIED": "SCIM_HOLD_STATE_UNSPECIFIED is never set.",
  "organization.v1.SCIMHoldState.SCIM_HOLD_STATE_PENDING":
    "SCIM_HOLD_STATE_PENDING is a hold that waits for a decision.",
  "organization.v1.SCIMHoldState.SCIM_HOLD_STATE_APPROVED":
    "SCIM_HOLD_STATE_APPROVED is a hold after which the configuration may go on, until it expires.",
  "organization.v1.SCIMHoldState.SCIM_HOLD_STATE_REFUSED":
    "SCIM_HOLD_STATE_REFUSED is a hold after which the configuration may not, until it expires.",
  "organization.v1.SessionService":
    "SessionService shows and ends sessions: users their own, admins those of everybody in the organization.\n\nAny method can fail as gitpod.v1.OrganizationService says.",
  "organization.v1.SessionService.ListSessions":
    "ListSessions returns a page of the sessions in the caller's organization that have not ended, the newest first.\n\nPermission: user, for sessions of their own; admin, for every session of the organization.\n\nErrors: `not_found` when the caller may not see that user's; `failed_precondition` when the operator names no user; `invalid_argument` when the page token is not one of this list with this filter.",
  "organization.v1.SessionService.RevokeSession":
    "RevokeSession ends one session. It stops working at once.\n\nPermission: user, for sessions of their own; admin, for every session of the organization.\n\nErrors: `not_found`, also when the session has ended.",
  "organization.v1.SessionService.RevokeUserSessions":
    "RevokeUserSessions ends all sessions of one user in the caller's organization. They stop working at once, also the one that the call is made with.\n\nPermission: user, for their own; admin, for every user of the organization.\n\nErrors: `not_found` when the caller may not end that user's.",
  "organization.v1.SessionService.RevokeConfigurationSessions":
    "RevokeConfigurationSessions ends every session that came through one SSO configuration, for instance after it was made inactive, which alone ends no session. They stop working at once.\n\nPermission: admin.\n\nErrors: `not_found` when there is no such SSO configuration.",
  "organization.v1.ListSessionsRequest": "ListSessionsRequest is whose sessions to list.",
  "organization.v1.ListSessionsRequest.pagination":
    "pagination is which page to return. Absent asks for the first one.",
  "organization.v1.ListSessionsRequest.user_id":
    "user_id is the user whose sessions are listed. Absent means the caller.",
  "organization.v1.ListSessionsResponse": "ListSessionsResponse is a page of sessions.",
  "organization.v1.ListSessionsResponse.pagination": "pagination is how to ask for the next page.",
  "organization.v1.ListSessionsResponse.sessions":
    "sessions is the page, the newest session first. Empty when there is nothing more.",
  "organization.v1.RevokeSessionRequest": "RevokeSessionRequest is which session to end.",
  "organization.v1.RevokeSessionRequest.session_id": "session_id is the id of the session.",
  "organization.v1.RevokeSessionResponse": "RevokeSessionResponse is empty: the session has ended.",
  "organization.v1.RevokeUserSessionsRequest": "RevokeUserSessionsRequest is whose sessions to end.",
  "organization.v1.RevokeUserSessionsRequest.user_id": "user_id is the user.",
  "organization.v1.RevokeUserSessionsResponse": "RevokeUserSessionsResponse is what was ended.",
  "organization.v1.RevokeUserSessionsResponse.revoked_count":
    "revoked_count is how many sessions have ended by this call.",
  "organization.v1.RevokeConfigurationSessionsRequest": "RevokeConfigurationSessionsRequest is which sessions to end.",
  "organization.v1.RevokeConfigurationSessionsRequest.sso_configuration_id":
    "sso_configuration_id is the SSO configuration that the sessions came through.",
  "organization.v1.RevokeConfigurationSessionsResponse": "RevokeConfigurationSessionsResponse is what was ended.",
  "organization.v1.RevokeConfigurationSessionsResponse.revoked_count":
    "revoked_count is how many sessions have ended by this call.",
  "organization.v1.Session":
    "Session is one browser in which a user is signed in. The secret that the browser holds is never part of it.",
  "organization.v1.Session.id": "id is the id of the session, which is none of its secret.",
  "organization.v1.Session.user_id": "user_id is the user who is signed in.",
  "organization.v1.Session.organization_id": "organization_id is the organization in which they are.",
  "organization.v1.Session.sso_configuration_id":
    "sso_configuration_id is the SSO configuration that they came through. Empty when it is gone, or was none.",
  "organization.v1.Session.created_at": "created_at is when they signed in.",
  "organization.v1.Session.last_used_at": "last_used_at is when the session was last used, to within a few minutes.",
  "organization.v1.Session.expires_at":
    "expires_at is when it ends unless it is used until then: the end of its idle time, and never later than the end of its whole lifetime.",
  "organization.v1.Session.user_agent":
    "user_agent is what the browser called itself at the sign-in, cut to 256 characters. Empty when it said nothing.",
  "organization.v1.Session.ip_address": "ip_address is where the sign-in came from. Empty when that is not known.",
  "organization.v1.Session.current": "current is whether the call was made with this session.",
  "organization.v1.SignInService":
    "SignInService tests SSO configurations and claims expressions: with the code of the real sign-in, and without signing anybody in.\n\nAny method can fail as gitpod.v1.OrganizationService says.",
  "organization.v1.SignInService.StartTestSignIn":
    "StartTestSignIn makes a test of an SSO configuration, with changes that are not saved. Whoever opens the URL in a browser signs in at the identity provider; no session, account or member is made, and the result is kept for an hour. An inactive configuration can be tested too.\n\nPermission: admin.\n\nErrors: `not_found` when there is no such configuration; `invalid_argument` when the changes are not what UpdateSSOConfiguration accepts.",
  "organization.v1.SignInService.GetTestSignIn":
    "GetTestSignIn returns a test, with its result once somebody has signed in.\n\nPermission: admin.\n\nErrors: `not_found`, also when the test is older than an hour.",
  "organization.v1.SignInService.EvaluateClaimsExpression":
    "EvaluateClaimsExpression evaluates a claims expression with the evaluator of the sign-in, against the claims in the request, or else against those that the last sign-in through a configuration received.\n\nPermission: admin.\n\nErrors: `invalid_argument` when the expression does not compile (with its offset), or the claims are no JSON object, or neither claims nor a configuration are given; `not_found` when there is no such configuration, or nobody has signed in through it for 30 days.",
  "organization.v1.StartTestSignInRequest":
    "StartTestSignInRequest is what to test. The fields beside the id are changes as UpdateSSOConfigurationRequest has them; nothing of them is saved.",
  "organization.v1.StartTestSignInRequest.sso_configuration_id": "sso_configuration_id is the configuration.",
  "organization.v1.StartTestSignInRequest.client_id":
    "client_id is another client id. At least 1 character. Absent means the saved one.",
  "organization.v1.StartTestSignInRequest.client_secret":
    "client_secret is another client secret. At least 1 character. Absent means the saved one.",
  "organization.v1.StartTestSignInRequest.issuer_url": "issuer_url is another issuer. Absent means the saved one.",
  "organization.v1.StartTestSignInRequest.claims":
    "claims is another mapping from our attributes to the provider's claims, as a whole. Empty means the saved one.",
  "organization.v1.StartTestSignInRequest.email_domains":
    "email_domains is another set of email domains, as a whole. Empty means the saved one.",
  "organization.v1.StartTestSignInRequest.additional_scopes":
    "additional_scopes is another list of additional scopes, as a whole. Absent means the saved one.",
  "organization.v1.StartTestSignInRequest.claims_expression":
    "claims_expression is another claims expression. At most 4096 characters. Empty means none; absent means the saved one.",
  "organization.v1.StartTestSignInResponse": "StartTestSignInResponse is the test and the way into it.",
  "organization.v1.StartTestSignInResponse.test": "test is the test, which has no result yet.",
  "organization.v1.StartTestSignInResponse.url":
    "url is what the admin's browser has to open. It works once, for an hour.",
  "organization.v1.GetTestSignInRequest": "GetTestSignInRequest is which test to return.",
  "organization.v1.GetTestSignInRequest.test_sign_in_id": "test_sign_in_id is the id of the test.",
  "organization.v1.GetTestSignInResponse": "GetTestSignInResponse is the test.",
  "organization.v1.GetTestSignInResponse.test": "test is the test as it is now.",
  "organization.v1.EvaluateClaimsExpressionRequest":
    "EvaluateClaimsExpressionRequest is an expression, and what to evaluate it against.",
  "organization.v1.EvaluateClaimsExpressionRequest.expression":
    "expression is the claims expression. 1 to 4096 characters.",
  "organization.v1.EvaluateClaimsExpressionRequest.sso_configuration_id":
    "sso_configuration_id is the configuration whose last sign-in is meant. Needed when there are no claims.",
  "organization.v1.EvaluateClaimsExpressionRequest.claims_json":
    "claims_json is a JSON object of claims. At most 262144 characters. Absent means the claims of the last sign-in.",
  "organization.v1.EvaluateClaimsExpressionResponse":
    "EvaluateClaimsExpressionResponse is what the expression came to.",
  "organization.v1.EvaluateClaimsExpressionResponse.evaluation":
    "evaluation is the decision and how it came about. Texts of a person are redacted, unless the caller gave the claims.",
  "organization.v1.EvaluateClaimsExpressionResponse.claims":
    "claims is what the last sign-in received, redacted. Empty when the caller gave the claims.",
  "organization.v1.EvaluateClaimsExpressionResponse.received_at":
    "received_at is when the last sign-in was. Absent when the caller gave the claims.",
  "organization.v1.TestSignIn": "TestSignIn is one test of an SSO configuration.",
  "organization.v1.TestSignIn.id": "id is the id of the test. Whoever has it can sign in for the test, once.",
  "organization.v1.TestSignIn.sso_configuration_id": "sso_configuration_id is the configuration that is tested.",
  "organization.v1.TestSignIn.created_at": "created_at is when the test was made.",
  "organization.v1.TestSignIn.expires_at": "expires_at is when the test is forgotten, with its result.",
  "organization.v1.TestSignIn.result": "result is what came of it. Absent until somebody has signed in.",
  "organization.v1.TestSignInResult": "TestSignInResult is what a test came to.",
  "organization.v1.TestSignInResult.finished_at":
    "finished_at is when the browser came back, or the first step failed.",
  "organization.v1.TestSignInResult.allowed": "allowed is whether the person would have been signed in.",
  "organization.v1.TestSignInResult.steps": "steps is every step of a sign-in, in order.",
  "organization.v1.TestSignInResult.claims":
    "claims is each claim that was received, by name, redacted. Empty when no token was accepted.",
  "organization.v1.TestSignInResult.attributes":
    "attributes is what the mapping made of the claims, redacted. Empty when no token was accepted.",
  "organization.v1.TestSignInResult.evaluation":
    "evaluation is what the claims expression came to. Absent when there is none, or the test did not come that far.",
  "organization.v1.SignInStep": "SignInStep is one step of a sign-in.",
  "organization.v1.SignInStep.step": "step is which one.",
  "organization.v1.SignInStep.outcome": "outcome is how it went.",
  "organization.v1.SignInStep.reason":
    "reason is the machine reason of a failure, as in the audit log, for instance `id_token_expired`. Empty when the step did not fail.",
  "organization.v1.SignInStep.detail": "detail is a sentence for an admin. Empty when there is nothing to say.",
  "organization.v1.ReceivedClaim": "ReceivedClaim is one claim as it is shown.",
  "organization.v1.ReceivedClaim.name": "name is the name of the claim.",
  "organization.v1.ReceivedClaim.value":
    "value is JSON that shows kind and shape of the value, and the beginning of texts only.",
  "organization.v1.MappedAttribute": "MappedAttribute is one attribute of a person, as the mapping finds it.",
  "organization.v1.MappedAttribute.attribute": "attribute is our name of it, for instance `email`.",
  "organization.v1.MappedAttribute.claim": "claim is the claim that it is looked for in.",
  "organization.v1.MappedAttribute.mapped":
    "mapped is whether the configuration names the claim. Otherwise it is the standard one.",
  "organization.v1.MappedAttribute.state": "state is whether it was found.",
  "organization.v1.MappedAttribute.value":
    "value is the value, redacted, or what is wrong with it. Empty when it is missing.",
  "organization.v1.ClaimsEvaluation": "ClaimsEvaluation is what a claims expression came to.",
  "organization.v1.ClaimsEvaluation.decision": "decision is what the sign-in would do.",
  "organization.v1.ClaimsEvaluation.reason": "reason is a sentence that says why.",
  "organization.v1.ClaimsEvaluation.missing_claim":
    "missing_claim is the claim that was not sent, as a dotted path, when that is why. Empty otherwise.",
  "organization.v1.ClaimsEvaluation.cost": "cost is how many steps of the evaluator's budget it took.",
  "organization.v1.ClaimsEvaluation.steps": "steps is the value of every sub-expression, in the order of evaluation.",
  "organization.v1.ExpressionStep": "ExpressionStep is one sub-expression and what it came to.",
  "organization.v1.ExpressionStep.offset":
    "offset is where it begins in the expression, in characters (Unicode code points).",
  "organization.v1.ExpressionStep.text":
    "text is the sub-expression. It may differ from the source in spaces and parentheses, and is cut to 200 characters.",
  "organization.v1.ExpressionStep.outcome": "outcome is what it came to.",
  "organization.v1.ExpressionStep.elements":
    "elements is what the body of a macro came to for the first 20 elements. Empty for what is no macro.",
  "organization.v1.ExpressionElement": "ExpressionElement is one element that a macro has gone over.",
  "organization.v1.ExpressionElement.element": "element is the element, cut to 200 characters.",
  "organization.v1.ExpressionElement.outcome": "outcome is what the body came to.",
  "organization.v1.ExpressionOutcome": "ExpressionOutcome is a value, an error, or nothing.",
  "organization.v1.ExpressionOutcome.kind": "kind is which of them.",
  "organization.v1.ExpressionOutcome.value":
    "value is the value as JSON, cut to 200 characters. Empty when there is none.",
  "organization.v1.ExpressionOutcome.reason": "reason is a sentence that says what went wrong. Empty when nothing did.",
  "organization.v1.ExpressionOutcome.missing_claim":
    "missing_claim is the claim that was not sent, as a dotted path, when that is why. Empty otherwise.",
  "organization.v1.SignInStepName": "SignInStepName is a step of a sign-in.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_UNSPECIFIED": "SIGN_IN_STEP_NAME_UNSPECIFIED is never returned.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_START":
    "SIGN_IN_STEP_NAME_START is the request that begins it: the configuration, where it leads, the invite.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_DISCOVERY":
    "SIGN_IN_STEP_NAME_DISCOVERY is the identity provider's metadata.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_RESPONSE":
    "SIGN_IN_STEP_NAME_RESPONSE is the identity provider's answer that the browser brings back.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_EXCHANGE":
    "SIGN_IN_STEP_NAME_EXCHANGE is the exchange of the code for tokens.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_ID_TOKEN":
    "SIGN_IN_STEP_NAME_ID_TOKEN is what the ID token says of itself: issuer, audience, times, nonce.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_SIGNATURE":
    "SIGN_IN_STEP_NAME_SIGNATURE is the ID token's signature, and the key for it.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_USERINFO":
    "SIGN_IN_STEP_NAME_USERINFO is the userinfo endpoint, where the ID token lacks something.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_MAPPING":
    "SIGN_IN_STEP_NAME_MAPPING is the mapping from claims to the person's attributes.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_EMAIL_DOMAIN":
    "SIGN_IN_STEP_NAME_EMAIL_DOMAIN is whether the email is in one of the configuration's domains.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_EXPRESSION":
    "SIGN_IN_STEP_NAME_EXPRESSION is the claims expression.",
  "organization.v1.SignInStepName.SIGN_IN_STEP_NAME_MEMBERSHIP":
    "SIGN_IN_STEP_NAME_MEMBERSHIP is the account, and the membership of the organization.",
  "organization.v1.SignInStepOutcome": "SignInStepOutcome is how a step went.",
  "organization.v1.SignInStepOutcome.SIGN_IN_STEP_OUTCOME_UNSPECIFIED":
    "SIGN_IN_STEP_OUTCOME_UNSPECIFIED is never returned.",
  "organization.v1.SignInStepOutcome.SIGN_IN_STEP_OUTCOME_PASSED":
    "SIGN_IN_STEP_OUTCOME_PASSED is a step in which everything was right.",
  "organization.v1.SignInStepOutcome.SIGN_IN_STEP_OUTCOME_FAILED":
    "SIGN_IN_STEP_OUTCOME_FAILED is the step at which the sign-in was refused.",
  "organization.v1.SignInStepOutcome.SIGN_IN_STEP_OUTCOME_SKIPPED":
    "SIGN_IN_STEP_OUTCOME_SKIPPED is a step after the one that failed.",
  "organization.v1.MappedAttributeState": "MappedAttributeState is whether an attribute was found.",
  "organization.v1.MappedAttributeState.MAPPED_ATTRIBUTE_STATE_UNSPECIFIED":
    "MAPPED_ATTRIBUTE_STATE_UNSPECIFIED is never returned.",
  "organization.v1.MappedAttributeState.MAPPED_ATTRIBUTE_STATE_FOUND":
    "MAPPED_ATTRIBUTE_STATE_FOUND is an attribute with a value.",
  "organization.v1.MappedAttributeState.MAPPED_ATTRIBUTE_STATE_MISSING":
    "MAPPED_ATTRIBUTE_STATE_MISSING is an attribute whose claim was not sent, or was empty.",
  "organization.v1.MappedAttributeState.MAPPED_ATTRIBUTE_STATE_INVALID":
    "MAPPED_ATTRIBUTE_STATE_INVALID is an attribute whose claim cannot be one.",
  "organization.v1.ClaimsDecision": "ClaimsDecision is what a sign-in does with the value of a claims expression.",
  "organization.v1.ClaimsDecision.CLAIMS_DECISION_UNSPECIFIED": "CLAIMS_DECISION_UNSPECIFIED is never returned.",
  "organization.v1.ClaimsDecision.CLAIMS_DECISION_ALLOW": "CLAIMS_DECISION_ALLOW is a value that is exactly true.",
  "organization.v1.ClaimsDecision.CLAIMS_DECISION_REFUSE": "CLAIMS_DECISION_REFUSE is the value false.",
  "organization.v1.ClaimsDecision.CLAIMS_DECISION_ERROR":
    "CLAIMS_DECISION_ERROR is no value, or one that is neither true nor false. The sign-in is refused.",
  "organization.v1.ExpressionOutcomeKind": "ExpressionOutcomeKind is the kind of an outcome.",
  "organization.v1.ExpressionOutcomeKind.EXPRESSION_OUTCOME_KIND_UNSPECIFIED":
    "EXPRESSION_OUTCOME_KIND_UNSPECIFIED is never returned.",
  "organization.v1.ExpressionOutcomeKind.EXPRESSION_OUTCOME_KIND_VALUE": "EXPRESSION_OUTCOME_KIND_VALUE is a value.",
  "organization.v1.ExpressionOutcomeKind.EXPRESSION_OUTCOME_KIND_ERROR": "EXPRESSION_OUTCOME_KIND_ERROR is an error.",
  "organization.v1.ExpressionOutcomeKind.EXPRESSION_OUTCOME_KIND_SKIPPED":
    "EXPRESSION_OUTCOME_KIND_SKIPPED is a sub-expression that was not reached.",
};
