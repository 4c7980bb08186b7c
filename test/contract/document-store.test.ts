import { documentStores } from "./adapters.ts";
import { documentStoreContract } from "./document-store.contract.ts";

for (const adapter of documentStores) documentStoreContract(adapter);
