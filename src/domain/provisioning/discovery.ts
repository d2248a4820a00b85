import type { Attribute, ResourceType, Schema } from "./attribute.ts";
import { RESOURCE_TYPES } from "./attributes.ts";

/**
 * The discovery documents (RFC 7644, section 4; RFC 7643, sections 5 to 7), all derived from the attribute table and the
 * service's limits. `baseUrl` is the SCIM base URL of the configuration, without a slash at its end.
 */

/** Limits that the service keeps and therefore advertises. */
export interface ScimLimits {
  /** Operations in one bulk request. */
  readonly bulkOperations: number;
  /** Bytes of a bulk request. */
  readonly bulkPayloadBytes: number;
  /** Resources in one page, when the client asks for more or names no count. */
  readonly maxPageSize: number;
  readonly defaultPageSize: number;
  /** Seconds that a cursor stays valid. */
  readonly cursorTimeoutSeconds: number;
}

type Document = Record<string, unknown>;

const CONFIG_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/** What the service can do (RFC 7643, section 5; pagination: RFC 9865, section 4). */
export function serviceProviderConfig(limits: ScimLimits, baseUrl: string): Document {
  return {
    schemas: [CONFIG_SCHEMA],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.bulkPayloadBytes },
    filter: { supported: true, maxResults: limits.maxPageSize },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: limits.defaultPageSize,
      maxPageSize: limits.maxPageSize,
      cursorTimeout: limits.cursorTimeoutSeconds,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "The token of the SCIM configuration in the Authorization header.",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** The ResourceType documents (RFC 7643, section 6). */
export function resourceTypeDocuments(baseUrl: string): Document[] {
  return RESOURCE_TYPES.map((type) => resourceTypeDocument(type, baseUrl));
}

/** The Schema documents, core schemas and extensions (RFC 7643, section 7). */
export function schemaDocuments(baseUrl: string): Document[] {
  return RESOURCE_TYPES.flatMap((type) => [type.schema, ...type.extensions]).map((schema) =>
    schemaDocument(schema, baseUrl),
  );
}

/** The document with this id (a resource type's name or a schema's URN), or undefined. */
export function findDocument(documents: readonly Document[], id: string): Document | undefined {
  return documents.find((document) => document.id === id);
}

function resourceTypeDocument(type: ResourceType, baseUrl: string): Document {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: type.name,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    ...(type.extensions.length === 0
      ? {}
      : { schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })) }),
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

function schemaDocument(schema: Schema, baseUrl: string): Document {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.filter((attribute) => !attribute.ignoreWrites).map(attributeDocument),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function attributeDocument(attribute: Attribute): Document {
  const complexType = attribute.type === "complex";
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues.length === 0 ? {} : { canonicalValues: [...attribute.canonicalValues] }),
    ...(attribute.type === "boolean" || complexType ? {} : { caseExact: attribute.caseExact }),
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(attribute.referenceTypes.length === 0 ? {} : { referenceTypes: [...attribute.referenceTypes] }),
    ...(complexType ? { subAttributes: attribute.subAttributes.map(attributeDocument) } : {}),
  };
}
