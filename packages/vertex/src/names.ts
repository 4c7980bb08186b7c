/** A location in Google Cloud: the project's id and the region. */
export type Place = { readonly project: string; readonly region: string };

const modelId = /^[a-z_][a-z0-9_-]{0,62}$/;
const alias = /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/;
const version = /^[1-9][0-9]*$/;
const segment = /^[a-z0-9][a-z0-9:.-]*$/;

/** Throws RangeError for a text that cannot be a path segment: no input may address another resource. */
export function parentOf({ project, region }: Place): string {
  for (const [what, value] of Object.entries({ project, region }))
    if (!segment.test(value)) throw new RangeError(`'${value}' cannot be a ${what} of Google Cloud`);
  return `projects/${project}/locations/${region}`;
}

/** REST reference, `models.upload`: up to 63 of `[a-z0-9_-]`, the first no digit and no hyphen. */
export function modelName(place: Place, id: string): string {
  if (!modelId.test(id))
    throw new RangeError(
      `'${id}' cannot be the id of a Vertex AI model: up to 63 of a–z, 0–9, _ and -, the first no digit and no hyphen`,
    );
  return `${parentOf(place)}/models/${id}`;
}

/** REST reference, Model.versionAliases. */
export function checkAlias(value: string): string {
  if (!alias.test(value))
    throw new RangeError(
      `'${value}' cannot be an alias of a model version: it begins with a–z, ends with a–z or 0–9, and has 2 to 128 letters, digits and hyphens`,
    );
  return value;
}

const endpointId = /^[1-9][0-9]{0,9}$/;

/** REST reference, Endpoint.name: as in Pulumi's provider, up to 10 digits, the first not 0. */
export function endpointName(place: Place, id: string): string {
  if (!endpointId.test(id))
    throw new RangeError(`'${id}' cannot be the id of an endpoint: up to 10 digits, the first no 0`);
  return `${parentOf(place)}/endpoints/${id}`;
}

/** The region of `projects/…/locations/…/endpoints/…`. Throws RangeError for anything else. */
export function checkEndpointName(name: string): string {
  const [, project = "", region = "", id = ""] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/endpoints\/([^/]+)$/.exec(name) ?? [];
  if (!segment.test(project) || !segment.test(region) || !endpointId.test(id))
    throw new RangeError(
      `'${name}' is not the name of an endpoint: expected projects/PROJECT/locations/REGION/endpoints/NUMBER`,
    );
  return region;
}

/** Google numbers versions from 1. */
export function checkVersion(value: string): string {
  if (!version.test(value))
    throw new RangeError(`'${value}' cannot be a version id: Google numbers them from 1`);
  return value;
}

/** The alias that a version gets in addition to Google's number: `v1`. */
export const aliasOf = (id: string): string => `v${checkVersion(id)}`;
