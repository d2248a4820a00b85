/**
 * Versions (RFC 7644, section 3.14). A row counts its changes, and the weak entity tag is that count: a change costs no hash
 * of the whole resource, and two states of one resource never share a tag. What changes nothing must not count.
 */

/** The weak entity tag of a version, as in `meta.version` and the ETag header. */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/** Whether an If-Match or If-None-Match header names this version: by weak comparison, or as `*` (RFC 9110, section 13.1). */
export function namesVersion(header: string, version: number): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${version}"`);
}
