// Script `gcp-build`: the platform runs it when it builds, on the very Node that will serve
// (https://cloud.google.com/docs/buildpacks/nodejs). What goes wrong here only makes cold starts longer, so it fails no build.
const { flushCompileCache } = require("node:module");

try {
  require("./index.js");
  flushCompileCache();
} catch (error) {
  console.log(`nothing is kept compiled, cold starts take longer: ${error.message}`);
}
process.exit(0);
