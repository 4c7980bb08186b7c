// What is compiled before, by keep-compiled.js, is read from the folder beside. Where it is not there, or of another Node,
// everything is compiled anew: a start takes longer then, and nothing else changes.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

enableCompileCache(join(__dirname, "compiled"));
module.exports = require("./function.js");
