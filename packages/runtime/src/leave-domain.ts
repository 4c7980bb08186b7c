/**
 * Leaves the node:domain that functions-framework runs each request in. While a domain is active, its hooks run on
 * every promise, which takes a third of a request's time. The domain is only needed for uncaught errors,
 * and here every handler's errors are caught (https://nodejs.org/api/domain.html#domainexit).
 */
export function leaveDomain(): void {
  const domain: unknown = Reflect.get(process, "domain");
  if (typeof domain !== "object" || domain === null || !("exit" in domain)) return;
  if (typeof domain.exit === "function") domain.exit();
}
