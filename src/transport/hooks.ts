/**
 * What a host hangs into the way of a request, shared by the direct path and by streams.
 */
import type { Message } from "@bufbuild/protobuf";
import type { ConnectError, ContextValues } from "@connectrpc/connect";
import type { CallInfo } from "./call.ts";
import { internalError, publicError } from "./errors.ts";
import type { NodeServerRequest } from "./node.ts";

/** Decides what a client sees of an error. */
export type OnError = (error: unknown, call: CallInfo) => ConnectError;

/** Refuses a message by throwing. */
export type CheckMessage = (message: Message, call: CallInfo) => void;

/** The hooks of a transport; see `TransportOptions`. */
export interface Hooks {
  readonly contextValues: ((request: NodeServerRequest) => ContextValues) | undefined;
  readonly checkMessage: CheckMessage | undefined;
  readonly onError: OnError | undefined;
  readonly onFinish: ((call: CallInfo) => void) | undefined;
}

/** What the client sees of `reason`; a hook that throws makes it an internal error. */
export function lastWord(reason: unknown, call: CallInfo, onError: OnError | undefined): ConnectError {
  if (onError === undefined) {
    return publicError(reason);
  }
  try {
    return onError(reason, call);
  } catch (error) {
    return internalError(error);
  }
}

/** Tells the host that a call is over. What the hook throws is of no concern to any client. */
export function tell(onFinish: Hooks["onFinish"], call: CallInfo): void {
  try {
    onFinish?.(call);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
