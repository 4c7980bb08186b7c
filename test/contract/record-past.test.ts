import { documentStores } from "./adapters.ts";
import { recordPastContract } from "./record-past.contract.ts";

for (const adapter of documentStores) recordPastContract(adapter);
