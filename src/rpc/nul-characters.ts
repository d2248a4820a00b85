import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";

/** Proto path of the first text of a message that holds a NUL character; undefined when there is none. */
export type NulCheck = (desc: DescMessage, message: Message) => string | undefined;

/**
 * Makes the check. PostgreSQL stores no NUL in text (https://www.postgresql.org/docs/current/datatype-character.html),
 * and what one engine cannot keep no engine takes. The fields to look at are found once per message type.
 */
export function createNulCheck(): NulCheck {
  const plans = new Map<DescMessage, readonly Look[]>();

  function planOf(desc: DescMessage): readonly Look[] {
    const known = plans.get(desc);
    if (known) return known;
    const plan: Look[] = [];
    // Before its fields: a message may hold itself.
    plans.set(desc, plan);
    for (const field of desc.fields) {
      const look = lookAt(field);
      if (look) plan.push(look);
    }
    return plan;
  }

  function lookAt(field: DescField): Look | undefined {
    const { message, name } = field;
    const isText = field.scalar === ScalarType.STRING;
    const one: Find | undefined = message
      ? (value) => prefix(name, find(message, value as Message))
      : isText
        ? (value) => ((value as string).includes("\0") ? name : undefined)
        : undefined;
    const whole = findIn(field, one);
    return whole && { read: reader(field), find: whole };
  }

  function find(desc: DescMessage, message: Message): string | undefined {
    for (const look of planOf(desc)) {
      const value = look.read(message);
      const found = value === undefined ? undefined : look.find(value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return find;
}

/** Looks at a present value; returns the path of what it found. */
type Find = (value: unknown) => string | undefined;

interface Look {
  readonly read: (message: Message) => unknown;
  readonly find: Find;
}

function findIn(field: DescField, one: Find | undefined): Find | undefined {
  if (field.fieldKind === "list") {
    return one && ((list) => first(list as unknown[], (value, index) => indexed(field.name, index, one(value))));
  }
  if (field.fieldKind !== "map") return one;
  const key: Find = (text) => (String(text).includes("\0") ? field.name : undefined);
  return (map) => first(Object.entries(map as object), ([name, value]) => key(name) ?? one?.(value));
}

function first<T>(values: readonly T[], look: (value: T, index: number) => string | undefined): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = look(value, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `scopes` found at 2 → `scopes[2]`; `items.name` found at 2 → `items[2].name`. */
function indexed(name: string, index: number, found: string | undefined): string | undefined {
  return found === undefined ? undefined : `${name}[${index}]${found.slice(name.length)}`;
}

function prefix(name: string, found: string | undefined): string | undefined {
  return found === undefined ? undefined : `${name}.${found}`;
}

function reader({ localName, oneof }: DescField): (message: Message) => unknown {
  if (!oneof) return (message) => (message as unknown as Record<string, unknown>)[localName];
  return (message) => {
    const chosen = (message as unknown as Record<string, { case: string | undefined; value?: unknown }>)[
      oneof.localName
    ];
    return chosen?.case === localName ? chosen.value : undefined;
  };
}
