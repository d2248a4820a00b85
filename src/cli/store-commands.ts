import { type Command, InvalidArgumentError } from "commander";
import type { CreatedApiToken } from "../domain/api-tokens.ts";
import { createOutput } from "./output.ts";
import type { withStore as WithStore } from "./store.ts";

const DAY = 86_400;

/** Adds the commands that administer the store directly: for whoever runs the server. */
export function addStoreCommands(program: Command): void {
  addMigrate(program);
  addOrganization(program);
  addToken(program);
  addSecrets(program);
}

/** Loads the service only for the commands that open its store: every other one starts faster without. */
const withStore: typeof WithStore = async (...args) => (await import("./store.ts")).withStore(...args);

const outputOf = (command: Command) => createOutput(Boolean(command.optsWithGlobals().json));

function addMigrate(program: Command): void {
  const command = program
    .command("migrate")
    .description("bring the database's schema up to date and stop; serve does the same at start")
    .action(async () => {
      const { openStore } = await import("./store.ts");
      const { storage } = await openStore(process.env);
      await storage.close();
      outputOf(command).result({ migrated: true }, "the schema is up to date");
    });
}

function addOrganization(program: Command): void {
  const organization = program.command("organization").description("organizations of this server");
  const create = organization
    .command("create")
    .description("make an organization; give it an admin with `token create --admin`")
    .argument("<name>", "at least 3 characters", parseName)
    .action((name: string) =>
      withStore(process.env, "organization.create", async ({ domain }, context) => {
        const { organization: created } = await domain.organizations.create(context, { name });
        outputOf(create).result({ id: created.id, name: created.name }, created.id);
      }),
    );
  const list = organization
    .command("list")
    .description("list every organization, the oldest first")
    .action(() =>
      withStore(process.env, "", async ({ domain }) => {
        const rows: Record<string, unknown>[] = [];
        let after: string | undefined;
        do {
          const page = await domain.organizations.list({ limit: 1000, after });
          rows.push(...page.items.map(({ id, name, createdAt }) => ({ id, name, createdAt: isoTime(createdAt) })));
          after = page.next;
        } while (after !== undefined);
        outputOf(list).table(rows, ["id", "name", "createdAt"], "no organization yet: `organization create <name>`");
      }),
    );
}

interface TokenFlags {
  readonly user?: string;
  readonly operator?: boolean;
  readonly admin?: string;
  readonly email: string;
  readonly name: string;
  readonly description: string;
  readonly validFor: number;
  readonly readOnly?: boolean;
}

function addToken(program: Command): void {
  const token = program.command("token").description("api tokens, made on the machine of the server");
  const create = token
    .command("create")
    .description("make a token and show it, this once")
    .option("--operator", "a token that may do everything in every organization")
    .option("--user <user-id>", "a token of this user")
    .option("--admin <organization-id>", "add an admin to this organization and make a token of theirs")
    .option("--email <address>", "email of the new admin", "admin@localhost")
    .option("--name <name>", "name of the new admin", "Admin")
    .option("--description <text>", "what it is for", "made on the command line")
    .option("--valid-for <days>", "days until it expires: at most 90, or 730 for an operator token", parseDays, 90)
    .option("--read-only", "a token that may only read")
    .action((flags: TokenFlags) =>
      withStore(process.env, "token.create", async ({ domain }, context) => {
        const input = {
          description: flags.description,
          lifetime: flags.validFor * DAY,
          readOnly: flags.readOnly ?? false,
        };
        const chosen = [flags.operator, flags.user, flags.admin].filter((each) => each !== undefined).length;
        if (chosen !== 1) create.error("error: give one of --operator, --user and --admin");
        let made: CreatedApiToken;
        if (flags.operator) made = await domain.apiTokens.createForOperator(context, input);
        else if (flags.user) made = await domain.apiTokens.createForUser(context, flags.user, input);
        else {
          const person = { organizationId: flags.admin as string, name: flags.name, email: flags.email };
          const admin = await domain.users.addAdmin(context, person);
          made = await domain.apiTokens.createForUser(context, admin.id, input);
        }
        const { record } = made;
        outputOf(create).result(
          { id: record.id, userId: record.userId, token: made.token, expiresAt: isoTime(record.expiresAt) },
          made.token,
        );
      }),
    );
  const list = token
    .command("list")
    .description("list tokens, the oldest first; never the tokens themselves")
    .option("--user <user-id>", "only tokens of this user")
    .action(({ user }: { user?: string }) =>
      withStore(process.env, "", async ({ domain }, context) => {
        const rows: Record<string, unknown>[] = [];
        let after: string | undefined;
        do {
          const page = await domain.apiTokens.list(context, user ? [user] : [], { limit: 1000, after });
          for (const each of page.items) {
            rows.push({
              id: each.id,
              owner: each.userId ?? "operator",
              description: each.description,
              readOnly: each.readOnly,
              expiresAt: isoTime(each.expiresAt),
              lastUsedAt: each.lastUsedAt === undefined ? "" : isoTime(each.lastUsedAt),
            });
          }
          after = page.next;
        } while (after !== undefined);
        const columns = ["id", "owner", "description", "readOnly", "expiresAt", "lastUsedAt"];
        outputOf(list).table(rows, columns, "no token yet: `token create --operator`");
      }),
    );
  const revoke = token
    .command("revoke")
    .description("revoke a token; it opens nothing from the next call on")
    .argument("<token-id>")
    .action((id: string) =>
      withStore(process.env, "token.revoke", async ({ domain }, context) => {
        await domain.apiTokens.revoke(context, id);
        outputOf(revoke).result({ id, revoked: true }, "revoked");
      }),
    );
}

function addSecrets(program: Command): void {
  const secrets = program.command("secrets").description("what is sealed at rest");
  const reseal = secrets
    .command("reseal")
    .description("seal every secret with the first key of ENCRYPTION_KEY; afterwards the older keys can go")
    .action(() =>
      withStore(process.env, "secrets.reseal", async ({ domain }) => {
        const { total, resealed } = await domain.secrets.reseal();
        outputOf(reseal).result({ total, resealed }, `${resealed} of ${total} secrets were sealed anew`);
      }),
    );
  const replace = secrets
    .command("replace-signing-key")
    .description("make a new key that signs ID tokens from now on, and withdraw every other one")
    .action(() =>
      withStore(process.env, "signing_key.replace", async ({ domain }) => {
        const { kid } = await domain.signingKeys.replace();
        outputOf(replace).result({ kid }, `ID tokens are signed with ${kid} from now on`);
      }),
    );
}

/** The rule of CreateOrganization, which these commands do not pass through. */
function parseName(text: string): string {
  if (text.trim().length < 3) throw new InvalidArgumentError("at least 3 characters are accepted.");
  return text;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) throw new InvalidArgumentError("a whole number of days is accepted.");
  return days;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
