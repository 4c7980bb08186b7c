import { documentStores } from "./adapters.ts";
import { ledgerContract } from "./ledger.contract.ts";

for (const adapter of documentStores) ledgerContract(adapter);
