import { componentName, LEARNT_NAME, type Situation, VALUE_EFFECT } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";
import { learntNameIn } from "./names/learnt-names.ts";
import { componentsOf } from "./title-components.ts";
import { effectOf, type Valued } from "./value-effects.ts";

/** What a version has learnt beside its trees, applied to an incident; it differs between versions. */
export type LearntWithVersion = Pick<Situation, "valueEffect" | "learntRate" | "titleComponents">;

/** For a loaded version; `title` in its original form. */
export function learntWithVersion({
  valueEffects,
  titleComponents,
  learntNames,
}: Pick<ModelVersion, "valueEffects" | "titleComponents" | "learntNames">): (
  incident: Valued,
) => LearntWithVersion {
  const learntName = learntNames && learntNameIn(learntNames);
  return (incident) => {
    const learntRate = learntName?.(incident.service, incident.title)?.rate;
    return {
      ...(valueEffects && { valueEffect: effectOf(valueEffects, incident) }),
      ...(titleComponents && { titleComponents: componentsOf(titleComponents, incident.title) }),
      ...(learntRate !== undefined && { learntRate }),
    };
  };
}

/** The same by feature name, as a prediction stores features; null where there is no value. */
export function featuresLearntWith(
  version: Parameters<typeof learntWithVersion>[0] & Pick<ModelVersion, "details">,
): (incident: Valued) => Readonly<Record<string, number | null>> {
  const { effects, learnt: names, components = [] } = version.details;
  // Naming a title takes as long as scoring a row, so it is skipped where the model does not use it.
  const learnt = learntWithVersion({
    valueEffects: effects === true ? version.valueEffects : undefined,
    titleComponents: version.titleComponents,
    learntNames: names === true ? version.learntNames : undefined,
  });
  return (incident) => {
    const { valueEffect = null, learntRate = null, titleComponents = [] } = learnt(incident);
    return {
      ...(effects === true && { [VALUE_EFFECT]: valueEffect }),
      ...(names === true && { [LEARNT_NAME]: learntRate }),
      ...Object.fromEntries(components.map((_, k) => [componentName(k + 1), titleComponents[k] ?? null])),
    };
  };
}
