import { alarmsOf } from "./alarm-process.ts";
import type { CatalogueService, Monitor } from "./catalogue.ts";
import type { Episode } from "./episode.ts";
import { moments, type Span } from "./moments.ts";
import type { Random } from "./random.ts";
import { deploysAt, trafficAt } from "./seasons.ts";

const MINUTE = 60_000;

export type Setting = Span & {
  readonly service: string;
  /** A stream of draws by name. */
  readonly draw: (name: string) => Random;
};

const ending = (random: Random): Episode["ending"] =>
  random.chance(0.7) ? "monitor" : random.chance(0.8) ? "by-hand" : "forgotten";

const fixOf = (random: Random): number => Math.round(random.logNormal(18, 0.7) * MINUTE);

/** Something that only a person can fix. */
const real = (random: Random): Pick<Episode, "clearsAt" | "needsHuman" | "fix" | "ending"> => ({
  clearsAt: null,
  needsHuman: true,
  fix: fixOf(random),
  ending: ending(random),
});

/** Something that passes by itself after `milliseconds`. */
const passing = (
  startsAt: number,
  milliseconds: number,
): Pick<Episode, "clearsAt" | "needsHuman" | "fix" | "ending"> => ({
  clearsAt: startsAt + Math.max(5_000, Math.round(milliseconds)),
  needsHuman: false,
  fix: 0,
  ending: "monitor",
});

/** The everyday of one alarm. In the last third of the time a drifting one means it. */
export function monitorEpisodes(
  setting: Setting,
  monitor: Monitor,
  place: number,
  drifts: boolean,
): readonly Episode[] {
  const random = setting.draw(`monitor ${place}`);
  const turn = setting.from + (setting.to - setting.from) * (2 / 3);
  const episodes: Episode[] = [];
  // What went down for good in a burst does not alarm again in it.
  let isDown = false;
  for (const { at, placeInBurst: placeInPatch, real: share, minutes } of alarmsOf(random, setting, monitor)) {
    if (placeInPatch === 0) isDown = false;
    if (isDown) continue;
    const turned = drifts && at >= turn;
    isDown = random.chance(turned ? 0.85 : share);
    const milliseconds = random.logNormal(minutes, monitor.spread) * MINUTE;
    episodes.push({
      id: `${setting.service}-${monitor.kind}${place}-${episodes.length}`,
      kind: turned ? "drift" : monitor.kind,
      service: setting.service,
      title: monitor.title(random),
      severity: monitor.severity,
      startsAt: at,
      symptomOf: null,
      ...(isDown ? real(random) : passing(at, milliseconds)),
    });
  }
  return episodes;
}

/**
 * The everyday alarm of a service also fires for an outage, soon after the first alarm that reported it, and clears
 * with it: on its own it is noise, beside an outage it is not.
 */
function seenToo(random: Random, { monitors: [monitor] }: CatalogueService, cause: Episode): Episode[] {
  if (monitor === undefined || !random.chance(SEEN_TOO)) return [];
  const startsAt = cause.startsAt + random.whole(20, 240) * 1_000;
  // It is over before this alarm sees it.
  if (cause.clearsAt !== null && cause.clearsAt <= startsAt) return [];
  return [
    {
      ...cause,
      id: `${cause.id}-seen-too`,
      kind: "duplicate",
      title: monitor.title(random),
      severity: monitor.severity,
      startsAt,
      ending: "monitor",
      symptomOf: cause.needsHuman ? cause.id : null,
    },
  ];
}

const SEEN_TOO = 0.5;

/** Deploys that break something for minutes: most are rolled back by themselves. */
export function deployEpisodes(setting: Setting, service: CatalogueService): readonly Episode[] {
  const random = setting.draw("deploys");
  return [...moments(random, setting, 0.07, deploysAt)].flatMap((startsAt, i): Episode[] => {
    const deploy: Episode = {
      id: `${setting.service}-deploy-${i}`,
      kind: "deploy",
      service: setting.service,
      title: `${service.name}: error rate ${random.whole(3, 40)}% after deploy ${random.whole(0x1000000, 0xfffffff).toString(16)}`,
      severity: "error",
      startsAt,
      symptomOf: null,
      ...(random.chance(0.35) ? real(random) : passing(startsAt, random.logNormal(5, 0.7) * MINUTE)),
    };
    return [deploy, ...seenToo(random, service, deploy)];
  });
}

/** Real outages; a third are seen by a second monitor too, and a few by a monitor that dies of them. */
export function outageEpisodes(setting: Setting, service: CatalogueService): readonly Episode[] {
  const { name } = service;
  const random = setting.draw("outages");
  return [...moments(random, setting, 0.09, trafficAt)].flatMap((startsAt, i): Episode[] => {
    const outage: Episode = {
      id: `${setting.service}-outage-${i}`,
      kind: "outage",
      service: setting.service,
      title: `${name} answers ${random.pick([500, 502, 503, 504])} to ${random.whole(20, 99)}% of requests`,
      severity: "critical",
      startsAt,
      symptomOf: null,
      ...real(random),
    };
    const also = seenToo(random, service, outage);
    if (random.chance(0.33))
      also.push({
        ...outage,
        id: `${outage.id}-again`,
        kind: "duplicate",
        title: `${name}: no successful request for ${random.whole(2, 5)} min`,
        startsAt: startsAt + random.whole(20, 180) * 1_000,
        ending: "monitor",
        symptomOf: outage.id,
      });
    // The monitor falls silent with what it watches: that looks like a recovery and is none.
    if (random.chance(0.12))
      also.push({
        ...outage,
        ...passing(startsAt, random.between(60, 200) * 1_000),
        id: `${outage.id}-silent`,
        kind: "dying-monitor",
        title: `${name}: probe in ${random.pick(["Frankfurt", "Iowa", "Tokyo"])} fails`,
        startsAt: startsAt + 15_000,
      });
    return [outage, ...also];
  });
}

/** One cause, many alarms: a storm over many services, in which one incident is the real one. */
export function stormEpisodes(
  span: Span,
  services: readonly { readonly id: string; readonly name: string }[],
  draw: (name: string) => Random,
): readonly Episode[] {
  const random = draw("storms");
  return [...moments(random, span, 0.12, trafficAt)].flatMap((startsAt, i): Episode[] => {
    const rootCause = random.pick(services);
    const cause: Episode = {
      id: `storm-${i}`,
      kind: "storm",
      service: rootCause.id,
      title: `${rootCause.name} is unreachable from ${random.whole(4, 30)} hosts`,
      severity: "critical",
      startsAt: startsAt + random.whole(10, 150) * 1_000,
      symptomOf: null,
      ...real(random),
    };
    const symptoms = Array.from({ length: random.whole(15, 45) }, (_, j): Episode => {
      const { id, name } = random.pick(services);
      const at = startsAt + random.whole(0, 360) * 1_000;
      const blips = random.chance(0.4);
      return {
        ...cause,
        ...(blips ? passing(at, random.logNormal(2, 0.6) * MINUTE) : { clearsAt: null, needsHuman: true }),
        id: `storm-${i}-${j}`,
        service: id,
        title: `${name}: ${random.whole(5, 95)}% of calls to ${rootCause.name} fail`,
        severity: "error",
        startsAt: at,
        ending: "monitor",
        symptomOf: blips ? null : cause.id,
      };
    });
    return [cause, ...symptoms];
  });
}
