// usage: node bench.mjs BUILD_FOLDER, from bench/peers/run
//
// Every engine judges the same 4,096 pairs and lists every failing rule; descriptors are parsed and rules compiled before.
// The engines take turns for some rounds, the fastest round of each counts: CPU time, of the process and of CLIPS the clock.
// An engine whose answers differ ends the run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engines } from "./engines.mjs";
import { library } from "./library.mjs";
import { models, workers } from "./pairs.mjs";

const ROUNDS = 7;
const PAIRS = models.length * workers.length;
const build = process.argv[2];
const rules = new URL("rules", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "cmatch-peers-"));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const lines = (list) => list.map((each) => JSON.stringify(each) + "\n").join("");
const modelFile = file("models.ndjson", lines(models));
const workerFile = file("workers.ndjson", lines(workers));

function native() {
  const [took, digits] = execFileSync(join(build, "bench/cmatch_bench_peers"), [rules, modelFile, workerFile], { encoding: "utf8" }).split("\n");
  return { took: Number(took), masks: [...digits].map((digit) => parseInt(digit, 16)) };
}
const expected = native().masks;

function verify(name, masks) {
  const wrong = masks.findIndex((mask, i) => mask !== expected[i]);
  if (masks.length === PAIRS && wrong < 0) return;
  throw new Error(`${name} answers pair ${wrong} with ${masks[wrong]}, cmatch with ${expected[wrong]}`);
}

// CPU time of this process, its helper threads included, in nanoseconds: other processes do not count.
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

// The CLIPS program: facts, rounds of (reset) and (run), the time of the fastest, and the failures at the end.
function clipsProgram() {
  const fact = (name, slots) => `(${name} ${Object.entries(slots).map(([slot, v]) => `(${slot} ${[v].flat().join(" ")})`).join(" ")})`;
  const facts = [
    ...models.map((m, i) => fact("mcd", { id: i, positional: m.positional, attention: m.attention, quant: m.quant, context_max: m.context_max })),
    ...workers.map((w, i) =>
      fact("ecp", { id: i, supports_positional: w.supports_positional, supports_attention: w.supports_attention, supports_quant: w.supports_quant, max_context: w.max_context }),
    ),
  ];
  return `${readFileSync(new URL("rules.clp", import.meta.url), "utf8")}
(deffacts pairs ${facts.join("\n  ")})
(defglobal ?*best* = 1e9)
(set-reset-globals FALSE)
(deffunction measured () (bind ?begin (time)) (reset) (run) (- (time) ?begin))
(loop-for-count ${ROUNDS} (bind ?*best* (min ?*best* (measured))))
(printout t "best " ?*best* crlf)
(do-for-all-facts ((?f fails)) TRUE (printout t "fails " ?f:model " " ?f:worker " " ?f:rule crlf))
(exit)
`;
}

function clips() {
  const program = file("pairs.clp", clipsProgram());
  const output = execFileSync("clips", ["-f2", program], { encoding: "utf8", maxBuffer: 1 << 26 });
  const masks = new Array(PAIRS).fill(0);
  let best = 0;
  for (const line of output.split("\n")) {
    const words = line.split(" ");
    if (words[0] === "best") best = (Number(words[1]) * 1e9) / PAIRS;
    if (words[0] === "fails") masks[Number(words[1]) * workers.length + Number(words[2])] |= 1 << Number(words[3]);
  }
  verify("CLIPS", masks);
  return best;
}

// One round of an engine: nanoseconds a pair.
async function round(engine) {
  const masks = new Array(PAIRS);
  const begin = now();
  let at = 0;
  for (const model of models) {
    for (const worker of workers) {
      const answer = engine.judge(model, worker);
      masks[at++] = typeof answer === "number" ? answer : await answer;
    }
  }
  const took = (now() - begin) / PAIRS;
  verify(engine.name, masks);
  return took;
}

const lib = library(join(build, "bindings/c/libcmatch.so"), rules, models, workers);

function libraryRound() {
  const masks = new Array(PAIRS);
  const begin = now();
  lib.each(masks);
  const took = (now() - begin) / PAIRS;
  verify("libcmatch", masks);
  return took;
}

function libraryManyRound() {
  const begin = now();
  const bitmap = lib.all();
  const took = (now() - begin) / PAIRS;
  for (let pair = 0; pair < PAIRS; ++pair) {
    const compatible = (bitmap[pair >> 3] >> (pair & 7)) & 1;
    if ((compatible === 1) !== (expected[pair] === 0)) throw new Error(`cmatch_check_many answers pair ${pair} with ${compatible}`);
  }
  return took;
}

function processRound() {
  const begin = process.hrtime.bigint();
  let text = "";
  try {
    text = execFileSync(join(build, "cli/cmatch"), ["fleet", "--rules", rules, "--models", modelFile, "--workers", workerFile, "--pairs", "--json"], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    if (error.status !== 1) throw error; // 1: a model without a worker
    text = error.stdout;
  }
  const answers = text.trimEnd().split("\n").map(JSON.parse).filter((line) => line.kind === "pair");
  const took = Number(process.hrtime.bigint() - begin) / PAIRS;
  verify("cmatch fleet", answers.map((line) => line.failed.reduce((mask, id) => mask | (1 << (Number(id.slice(2)) - 1)), 0)));
  return took;
}

const contestants = [
  { name: "cmatch, from C++", helped: "", run: () => native().took },
  { name: "cmatch, from Node through koffi, a call a pair", helped: "", run: libraryRound },
  { name: "cmatch, from Node through koffi, one call", helped: "verdicts alone", run: libraryManyRound },
  { name: "cmatch fleet --pairs --json, a process", helped: "start, reading, JSON of each pair", run: processRound },
  ...engines.map((engine) => {
    const judge = engine.prepare();
    return { ...engine, run: () => round({ ...engine, judge }) };
  }),
  { name: "CLIPS", helped: "a function for rule 3", run: clips },
];

const best = contestants.map(() => Infinity);
for (let i = 0; i < ROUNDS; ++i) {
  for (const [at, contestant] of contestants.entries()) best[at] = Math.min(best[at], await contestant.run());
}
rmSync(folder, { recursive: true });

console.log(`| ${PAIRS} pairs, four rules, every failing rule | ratio | added, or part of it |`);
console.log("|---|---:|---|");
for (const [at, { name, helped }] of contestants.entries()) {
  const ratio = best[at] / best[0];
  console.log(`| ${name} | ${ratio.toLocaleString("en", { maximumSignificantDigits: ratio < 100 ? 2 : 3 })} | ${helped} |`);
}
console.error(`1 is ${best[0].toFixed(1)} ns a pair; all answers are equal`);
