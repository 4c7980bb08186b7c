import { documentStores } from "./adapters.ts";
import { setAsideContract } from "./set-aside.contract.ts";

for (const adapter of documentStores) setAsideContract(adapter);
