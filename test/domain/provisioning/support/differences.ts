/**
 * Where `scim2-parse-filter` and this project part, and why. Patterns are matched against the filters of the tables in
 * `filters.ts`; every filter that differs must match exactly one reason's, and every reason must be needed.
 */
export interface Difference {
  /** What we do and why, and what the other one does. */
  readonly why: string;
  readonly filters: readonly RegExp[];
}

const URN_CORE = "urn:ietf:params:scim:schemas:core:2\\.0:(User|user|Group):";

/** Filters that both accept and that find other rows. */
export const OTHER_ROWS: Readonly<Record<string, Difference>> = {
  case: {
    why: "Attributes that are not caseExact fold here (RFC 7643, section 2.2), also for order; there every string is exact.",
    filters: [
      /^userName (eq|sw|co|gt|ge|lt|le) "(ANNA|ann|ÜN|ΟΔΟΣ|NN|istanbul|anna|b|İSTANBUL)"$/,
      /^(not \()?displayName (eq|ne|sw|gt) "(ünal|anna|a|zz)"\)?$/,
      /^title (ne|co|sw|lt) "(anna|o'N|A%|a)"$/,
      /^userType eq "employee"$/,
      /^name\.(givenName eq "ANNA"|familyName sw "ο")$/,
      /:(DEPARTMENT co "an"|manager\.displayName eq "anna")$/,
      /^(not \()?emails\.(value (eq|ne) "anna"|type eq "WORK")\)?$/,
      /^addresses\.country eq "de"$/,
      /^\(*(not \()?emails\[[^\]]*type (eq|ne) "(work|odd)"[^\]]*\]\)*$/,
      /^roles\[type eq "admin"/,
      /^EMAILS\[TYPE EQ "work"/,
      /^(groups|members)\[display (eq|sw) "(anna|a)" and type eq/,
      /title eq "anna" or title eq "1"|title eq "1" or title eq "anna"/,
      /^not \(title eq "anna"( or displayName eq "anna")?\)( and not\(active eq false\))?$/,
    ],
  },
  planes: {
    why: "Strings are ordered by code point here, as both databases do; there by UTF-16 code unit.",
    filters: [/^displayName (ge|le) "(\uE000|😀)"$/, /^title gt "\uE000"$/],
  },
  empty: {
    why: '`pr` needs a value that is not empty (RFC 7644, table 3), and "" is empty; there every key is present.',
    filters: [
      /^(displayName|title|emails\.display|\(*title) pr\)*( or title pr)*$/,
      /^not \(title pr\)$/,
      /:manager\.displayName pr$/,
      /^emails\[type pr and not \(value pr\)\]$/,
      /^emails\[primary eq true\]\.value pr$/,
      /^NOT \(active eq true\) Or title PR$/,
    ],
  },
  null: {
    why: "Null is the absence of a value here (RFC 7643, section 2.5); there it is a value that a missing key does not have.",
    filters: [/^[\w.]+ (eq|ne) null$/, /^emails\[type eq null\]$/],
  },
  unquoted: {
    why: "A literal without quotes is text where the attribute is text; there it is a number or a boolean, and equals nothing.",
    filters: [/^(externalId|title) eq (12345|true|10)$/],
  },
  stringBoolean: {
    why: '"True" is a boolean where the attribute is one, as Entra sends it; there it is text and equals nothing.',
    filters: [/^(active|emails\.primary) eq "(False|true)"$/, /^emails\[primary eq "True"\]\.display pr$/],
  },
  time: {
    why: "Times are compared in time here (RFC 7644, table 3); there as text, so that zones and precision mislead.",
    filters: [/^meta\.(created|lastModified) (gt|ge|lt|eq|ne) "/],
  },
  escape: {
    why: "A literal is a JSON string with all its escapes; there a backslash stands for itself unless a quote follows.",
    filters: [/^title (eq "\\u0061nna"|ew "\\ud83d\\ude00")$/],
  },
  value: {
    why: "A complex attribute that is compared means its `value`, as the example of RFC 7644, figure 2 does; there it equals nothing.",
    filters: [/^(emails|x509Certificates|groups|members) (co|eq) "/],
  },
  simpleList: {
    why: "Each value of a list of simple values is looked at; there the list is compared as a whole.",
    filters: [/^(not \()?schemas (eq|co|ne) "/],
  },
  sameElement: {
    why: "Behind a bracket the sub-attribute is that of the chosen element; there of any, so a home address answers for work.",
    filters: [/^emails\[type eq "work"\]\.value (eq|ne|pr|eq null)/],
  },
  coreUrn: {
    why: "Core attributes may be written with their URN (RFC 7644, section 3.10); there the URN is looked up as a key.",
    filters: [new RegExp(`^${URN_CORE}`)],
  },
};

/** Filters that are accepted here and refused there. */
export const REFUSED_THERE: Readonly<Record<string, Difference>> = {
  unquoted: {
    why: "A documented identity provider sends literals without quotes, and booleans in any case.",
    filters: [/^externalId eq abc$/, /^active eq True$/, /Active eq TRUE$/],
  },
  escape: {
    why: 'A literal is a JSON string, so "\\\\" is one backslash; there the escape is broken.',
    filters: [/^userName co "\\\\"$/],
  },
  reference: {
    why: "`$ref` is an attribute name (RFC 7643, section 2.4); there the dollar sign is no part of one.",
    filters: [/^(groups|members)\.\$ref /],
  },
};

/** Filters that are refused here and accepted there. */
export const ACCEPTED_THERE: Readonly<Record<string, Difference>> = {
  limits: {
    why: "Length, depth and number of comparisons are limited.",
    filters: [/^\({20,}/, /^(title pr or ){50}/, /^title eq "(x|ü){2000,}/],
  },
  syntax: {
    why: "`not` needs its brackets (RFC 7644, figure 1); a value path does not stand in another, nor on a part.",
    filters: [/^not title pr$/, /^emails\[emails\[/, /^emails\.value\[/, /\.value\.x pr$/],
  },
  literal: {
    why: "A literal is a JSON string that a database can hold; there the backslash stands for itself.",
    filters: [/^userName eq "\\(x|u0000|ud800)"$/],
  },
  unknown: {
    why: "The schemas have no such attribute, so the filter is a mistake; there any word is a name.",
    filters: [
      /shoeSize|nickName|^userName\.value|^department|^urn:example|__proto__|constructor|\bshape\b|emails\.type eq "x"\]|^members pr/,
      /core:2\.0:Group:displayName/,
      /enterprise:2\.0:User pr$/,
    ],
  },
  operator: {
    why: "The operator or the value does not fit the attribute's type (RFC 7644, table 3); there nothing has a type.",
    filters: [
      /^active (gt|co|eq) (true|"yes"|1)$/,
      /^emails\[primary sw/,
      /^meta\.created /,
      /^x509Certificates\.value (co|gt)/,
      /^title (co|gt) null$/,
      /^title sw 1$/,
    ],
  },
  complex: {
    why: "A complex attribute without `value` is no single thing to compare, and one without elements none to choose from.",
    filters: [/^(name|meta) eq "/, /^addresses co "/, /^(name|userName|schemas)\[/],
  },
  password: { why: "A password cannot be searched for.", filters: [/^password /] },
};
