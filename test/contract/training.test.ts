import { documentStores } from "./adapters.ts";
import { trainingContract } from "./training.contract.ts";

for (const adapter of documentStores) trainingContract(adapter);
