import { createServer } from "node:http";
import { createServer as net } from "node:net";
import { Firestore } from "@google-cloud/firestore";
import { PubSub, v1 } from "@google-cloud/pubsub";
import { emulators } from "../../../../../test/emulators/emulators.ts";

const e = await emulators();
if (!e.available) throw 1;
const pubsub = new PubSub({ projectId: "p", apiEndpoint: e.pubsubHost });
const seen: string[] = [];
const srv = createServer((q, r) => {
  let b = "";
  q.on("data", (c) => (b += c));
  q.on("end", () => {
    seen.push(b);
    r.statusCode = 500;
    r.end();
  });
}).listen(0, "127.0.0.1");
await new Promise((r) => srv.once("listening", r));
const port = (srv.address() as any).port;
await pubsub.createTopic("topic");
await pubsub.createTopic("dead");
await pubsub.topic("dead").createSubscription("dead-read");
await pubsub
  .topic("topic")
  .createSubscription("subs", {
    pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/` },
    deadLetterPolicy: { deadLetterTopic: "projects/p/topics/dead", maxDeliveryAttempts: 5 },
    retryPolicy: { minimumBackoff: { seconds: 0 }, maximumBackoff: { seconds: 1 } },
    enableMessageOrdering: true,
  });
const id = await pubsub
  .topic("topic", { messageOrdering: true })
  .publishMessage({ data: Buffer.from("x"), attributes: { event: "E1" }, orderingKey: "k" });
console.log("published", id);
const sub = new v1.SubscriberClient((await pubsub.getClientConfig()) as any);
const name = "projects/p/subscriptions/dead-read";
for (let i = 0; i < 14; i++) {
  const t = Date.now();
  try {
    const [r] = await sub.pull({ subscription: name, maxMessages: 10 }, { timeout: 1000 });
    console.log(Date.now() - t, JSON.stringify(r), seen.length);
    if (r.receivedMessages?.length) {
      await sub.modifyAckDeadline({
        subscription: name,
        ackIds: r.receivedMessages.map((m) => m.ackId!),
        ackDeadlineSeconds: 0,
      });
      const [r2] = await sub.pull({ subscription: name, maxMessages: 10 }, { timeout: 1000 });
      console.log("again", r2.receivedMessages?.length);
      break;
    }
  } catch (x: any) {
    console.log(Date.now() - t, x.code, x.message.slice(0, 80));
  }
}
console.log(seen[0]);
await e.stop(); process.exit(0);
