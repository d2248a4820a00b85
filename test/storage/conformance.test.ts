import { describe } from "vitest";
import { ENGINES } from "../support/storage.ts";
import { conformance } from "./conformance.ts";

describe.each(ENGINES)("%s", conformance);
