import type { DiscreteClock, PagerDutyDouble, Random } from "@mrdata/simulator";

const MINUTE = 60_000;

export type ActOptions = {
  readonly pagerduty: PagerDutyDouble;
  readonly clock: DiscreteClock;
  readonly random: Random;
  readonly bot: string;
  readonly people: readonly [string, ...string[]];
  readonly share: number;
};

/**
 * People do not wait to be paged: they look at the list and take, give back, raise, merge, reopen and comment what
 * they find there, also what the bot holds. Does one of these to a share of the incidents, within six minutes of
 * their opening, and then lets some of them come back.
 */
export function actAsPeople({ pagerduty, clock, random, bot, people, share }: ActOptions): void {
  const recent: string[] = [];

  const later = (minutes: number, work: () => void) =>
    clock.schedule(clock.now() + random.between(0.05, minutes) * MINUTE, work);
  const isOpen = (id: string) => pagerduty.incident(id).status !== "resolved";

  const acts: readonly ((id: string, person: string) => void)[] = [
    (id, person) => {
      pagerduty.acknowledge(id, person);
      if (random.chance(0.5)) later(10, () => pagerduty.unacknowledge(id, person));
    },
    (id, person) => {
      pagerduty.resolve(id, person, "looked fine");
      later(5, () => pagerduty.reopen(id, person));
    },
    (id, person) => pagerduty.reassign(id, person, [random.pick(people)]),
    (id, person) => pagerduty.escalate(id, person),
    (id, person) => pagerduty.delegate(id, person, pagerduty.incident(id).policy),
    (id, person) => pagerduty.setPriority(id, person, random.pick(["PPRIORITY1", "PPRIORITY2"])),
    (id, person) => pagerduty.addNote(id, person, random.pick(["looking", "mrdata: real", "mrdata: noise"])),
    (id, person) => {
      const target = recent.findLast((other) => other !== id && isOpen(other));
      if (target !== undefined) pagerduty.merge(target, [id], person);
    },
    // By hand to the bot: it came there by no policy, and the bot leaves it alone. The person takes it back.
    (id, person) => {
      pagerduty.reassign(id, person, [bot]);
      later(3, () => {
        if (isOpen(id)) pagerduty.reassign(id, person, [person]);
      });
    },
  ];

  pagerduty.onNotified(({ incident, bot: toBot, why }) => {
    if (!toBot || why !== "assigned" || recent.includes(incident)) return;
    recent.push(incident);
    if (recent.length > 60) recent.shift();
    if (!random.chance(share)) return;
    const act = random.pick(acts);
    const person = random.pick(people);
    later(6, () => {
      if (isOpen(incident)) act(incident, person);
    });
  });
}
