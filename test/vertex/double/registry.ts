import type { Changes, UploadRequest } from "./read-upload.ts";
import { invalid, notFound, Refusal, refused } from "./refusal.ts";

export type Version = {
  readonly id: string;
  aliases: string[];
  displayName: string;
  description: string;
  labels: Readonly<Record<string, string>>;
  readonly artifactUri: string;
  readonly imageUri: string;
  readonly createdAt: string;
};

/** The models of one place and Google's rules for them; knows nothing of HTTP. */
export type Registry = {
  readonly models: ReadonlyMap<string, readonly Version[]>;
  /** Checks and reserves; the answered function makes the version, which is when it can be seen. */
  begin(upload: UploadRequest): {
    readonly model: string;
    readonly finish: () => Version;
    readonly drop: () => void;
  };
  /** By number or alias; the default one where none is named. */
  version(model: string, which: string | null): Version;
  versions(model: string): readonly Version[];
  change(model: string, which: string | null, changes: Changes): Version;
  mergeAliases(model: string, which: string, aliases: readonly string[]): Version;
  deleteVersion(model: string, which: string): void;
  deleteModel(model: string): void;
};

export function createRegistry(): Registry {
  const models = new Map<string, Version[]>();
  /** Ids of uploads that have begun: a second first upload collides with it. */
  const taken = new Set<string>();
  const given = new Map<string, number>();

  const versionsOf = (model: string): Version[] => {
    const versions = models.get(model);
    if (versions === undefined) throw notFound(`The Model models/${model}`);
    return versions;
  };
  const version = (model: string, which: string | null): Version => {
    const found = versionsOf(model).find(({ id, aliases }) =>
      which === null ? aliases.includes("default") : id === which || aliases.includes(which),
    );
    if (found === undefined) throw notFound(`The Model models/${model}@${which}`);
    return found;
  };
  const move = (model: string, to: Version, aliases: readonly string[]) => {
    for (const one of versionsOf(model))
      one.aliases = one.aliases.filter((alias) => !aliases.includes(alias));
    to.aliases = [...to.aliases, ...aliases];
  };

  return {
    models,
    begin({ modelId, parentModel, model: spec }) {
      if ((modelId === undefined) === (parentModel === undefined))
        throw invalid("Either model_id or parent_model is expected.");
      const parent = parentModel?.split("/").at(-1);
      if (parent !== undefined) versionsOf(parent);
      const model = modelId ?? parent ?? "";
      if (parent === undefined) {
        if (taken.has(model) || models.has(model))
          throw new Refusal(409, "ALREADY_EXISTS", `The Model models/${model} already exists.`);
        taken.add(model);
      }
      return {
        model,
        drop: () => taken.delete(model),
        finish() {
          taken.delete(model);
          const id = (given.get(model) ?? 0) + 1;
          given.set(model, id);
          const made: Version = {
            id: String(id),
            aliases: [],
            displayName: spec.displayName,
            description: spec.description,
            labels: spec.labels,
            artifactUri: spec.artifactUri,
            imageUri: spec.containerSpec.imageUri,
            createdAt: new Date().toISOString(),
          };
          const versions = models.get(model) ?? [];
          models.set(model, [...versions, made]);
          move(
            model,
            made,
            versions.length === 0 ? ["default", ...spec.versionAliases] : spec.versionAliases,
          );
          return made;
        },
      };
    },
    version,
    versions: versionsOf,
    change(model, which, changes) {
      const found = version(model, which);
      // The name and what is said belong to the model, labels to the version.
      const all = versionsOf(model);
      for (const one of all) {
        one.displayName = changes.displayName ?? one.displayName;
        one.description = changes.description ?? one.description;
      }
      found.labels = changes.labels ?? found.labels;
      return found;
    },
    mergeAliases(model, which, aliases) {
      const found = version(model, which);
      const gone = aliases.filter((alias) => alias.startsWith("-")).map((alias) => alias.slice(1));
      if (gone.includes("default"))
        throw invalid("The default alias cannot be removed: a model has exactly one default version.");
      found.aliases = found.aliases.filter((alias) => !gone.includes(alias));
      move(
        model,
        found,
        aliases.filter((alias) => !alias.startsWith("-")),
      );
      return found;
    },
    deleteVersion(model, which) {
      const found = version(model, which);
      if (versionsOf(model).length === 1)
        throw refused("The only version of a Model cannot be deleted. Use DeleteModel instead.");
      if (found.aliases.includes("default"))
        throw refused("The default version cannot be deleted. Make another version the default first.");
      models.set(
        model,
        versionsOf(model).filter((one) => one !== found),
      );
    },
    deleteModel(model) {
      versionsOf(model);
      models.delete(model);
      given.delete(model);
    },
  };
}
