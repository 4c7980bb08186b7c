import { modelStores } from "./adapters.ts";
import { modelStoreContract } from "./model-store.contract.ts";

for (const adapter of modelStores) modelStoreContract(adapter);
