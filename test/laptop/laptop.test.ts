import { inject } from "vitest";
import { theLeastStack } from "./behaviour.ts";

theLeastStack(inject("emulators"));
