import { buses } from "./adapters.ts";
import { busContract } from "./bus.contract.ts";

for (const adapter of buses) busContract(adapter);
