#!/bin/sh
# ml-pca 4.1.1 (npm), the usual principal components of JavaScript, on 200 rows of six columns of independent noise: nothing to be explained.
# Behaviour: with method NIPALS, which is meant for few components of many columns, `getExplainedVariance` divides by the sum over the
# components that were computed and not by the variance of the data: the shares add up to 1 whatever was left out. The eigenvalues are sums
# of squares there (n - 1 times the others), and nothing in the answer tells the total.
# Output seen: two components of six "explain" 51 and 49 % by NIPALS; by SVD the same two explain 20 and 19 %.
# A good guess: the share of the data's variance, as in R's nipals and scikit-learn. Whoever cuts where 90 % are explained keeps one too few
# or all, and a table of what a model's components explain would say that sixteen explain every title.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ml-pca@4.1.1 >/dev/null
cat >seen.mjs <<'JAVASCRIPT'
import assert from "node:assert/strict";
import { PCA } from "ml-pca";
let state = 1;
const draw = () => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647 - 0.5;
};
const rows = Array.from({ length: 200 }, () => Array.from({ length: 6 }, draw));
const bySvd = new PCA(rows);
const two = new PCA(rows, { method: "NIPALS", nCompNIPALS: 2 });
const rounded = (values) => values.map((value) => Math.round(value * 1000) / 1000);
console.log("SVD", rounded(bySvd.getExplainedVariance()), "NIPALS", rounded(two.getExplainedVariance()));
assert.equal(rounded([two.getExplainedVariance().reduce((sum, share) => sum + share)])[0], 1);
assert.ok(bySvd.getExplainedVariance().slice(0, 2).every((share) => share < 0.21));
assert.ok(Math.abs(two.getEigenvalues()[0] / bySvd.getEigenvalues()[0] - 199) < 0.1);
JAVASCRIPT
node seen.mjs
echo "still so"
