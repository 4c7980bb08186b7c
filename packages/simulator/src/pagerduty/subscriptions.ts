import { refusals } from "./errors.ts";
import type { Ids } from "./ids.ts";

export type SubscriptionFilter = {
  readonly type: "account_reference" | "service_reference" | "team_reference";
  /** Of the service or the team; null for the whole account. */
  readonly id: string | null;
};

/** A webhook subscription (API reference, Webhooks V3). */
export type Subscription = {
  readonly id: string;
  readonly url: string;
  secret: string;
  description: string;
  events: readonly string[];
  filter: SubscriptionFilter;
  /** Switched off by hand: nothing is delivered. */
  active: boolean;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** Until when nothing is delivered, because too many webhooks in a row were dropped. */
  disabledUntil: number | null;
  /** Webhooks dropped since the last one that arrived. */
  droppedInARow: number;
};

export type NewSubscription = Pick<Subscription, "url" | "events"> &
  Partial<Pick<Subscription, "secret" | "description" | "filter" | "customHeaders" | "active">>;

export type SubscriptionChange = Partial<
  Pick<Subscription, "secret" | "description" | "events" | "filter" | "active" | "disabledUntil">
>;

export type Subscriptions = {
  readonly all: ReadonlyMap<string, Subscription>;
  /** Throws 2019 for the eleventh of one service or of the account. */
  create(wanted: NewSubscription): Subscription;
  get(id: string): Subscription;
  /** What is left out stays. */
  update(id: string, change: SubscriptionChange): Subscription;
  remove(id: string): void;
};

/** PagerDuty Knowledge Base, Webhooks: limits. */
const MAX_OF_ONE_FILTER = 10;

export function createSubscriptions(ids: Ids): Subscriptions {
  const all = new Map<string, Subscription>();
  const get = (id: string): Subscription => {
    const subscription = all.get(id);
    if (subscription === undefined) throw refusals.notFound();
    return subscription;
  };
  return {
    all,
    create({ url, events, filter = { type: "account_reference", id: null }, ...rest }) {
      const alike = all.values().filter((other) => other.filter.id === filter.id);
      if ([...alike].length >= MAX_OF_ONE_FILTER)
        throw refusals.limitReached(`${MAX_OF_ONE_FILTER} webhook subscriptions of one scope`);
      const subscription: Subscription = {
        id: ids.object("S"),
        url,
        secret: rest.secret ?? ids.secret(),
        description: rest.description ?? "",
        events,
        filter,
        active: rest.active ?? true,
        customHeaders: rest.customHeaders ?? {},
        disabledUntil: null,
        droppedInARow: 0,
      };
      all.set(subscription.id, subscription);
      return subscription;
    },
    get,
    update: (id, change) => Object.assign(get(id), change),
    remove(id) {
      get(id);
      all.delete(id);
    },
  };
}

export const wants = (
  { active, events, filter }: Subscription,
  {
    type,
    service,
    teams,
  }: { readonly type: string; readonly service: string | null; readonly teams: readonly string[] },
): boolean =>
  active &&
  events.includes(type) &&
  (filter.type === "account_reference" ||
    (filter.id !== null &&
      (filter.type === "team_reference" ? teams.includes(filter.id) : filter.id === service)));

export const isDisabled = ({ disabledUntil }: Subscription, at: number): boolean =>
  disabledUntil !== null && at < disabledUntil;
