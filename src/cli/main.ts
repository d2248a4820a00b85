#!/usr/bin/env node
/** The command. Before anything else is loaded, Node.js is told to keep what it compiles. */
import { keepCompiledCode } from "./compile-cache.ts";

keepCompiledCode(process.env);
void import("./program.ts").then(({ run }) => run(process.argv.slice(2)));
