// Preloaded into functions-framework, which would listen on every interface: keeps it on loopback, says which port it got.
const { Server } = require("node:net");

const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  const ready = rest.find((one) => typeof one === "function");
  return listen.call(this, { port: Number(port), host: "127.0.0.1" }, () => {
    process.stdout.write(`${JSON.stringify({ listening: this.address().port })}\n`);
    ready?.();
  });
};
