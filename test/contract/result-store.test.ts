import { resultStores } from "./adapters.ts";
import { resultStoreContract } from "./result-store.contract.ts";

for (const adapter of resultStores) resultStoreContract(adapter);
