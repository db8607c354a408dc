// One engine each: prepare() compiles the four rules once and returns judge(model, worker) -> the failing rules as bits
// 0 to 3, at once or as a promise. What an engine can say for itself is said in its own language; `helped` names what was
// added to it.
import { celEnv, parse, plan } from "@bufbuild/cel";
import { ZenEngine } from "@gorules/zen-engine";
import Ajv from "ajv";
import jsonLogic from "json-logic-js";
import { Engine } from "json-rules-engine";

const EXPRESSIONS = [
  "mcd.positional in ecp.supports_positional",
  "mcd.attention in ecp.supports_attention",
  "mcd.quant.exists(q, q in ecp.supports_quant)",
  "mcd.context_max <= ecp.max_context",
];

const maskOf = (passes) => passes.reduce((mask, pass, rule) => mask | (pass ? 0 : 1 << rule), 0);

function cel() {
  const env = celEnv();
  const rules = EXPRESSIONS.map((text) => plan(env, parse(text)));
  return (mcd, ecp) => maskOf(rules.map((rule) => rule({ mcd, ecp }) === true));
}

function logic() {
  // Inside `some` only the element can be seen, so that rule 3 cannot be said without an operation of our own.
  jsonLogic.add_operation("meets", (a, b) => a.some((one) => b.includes(one)));
  const both = (op, left, right) => ({ [op]: [{ var: left }, { var: right }] });
  const rules = [
    both("in", "mcd.positional", "ecp.supports_positional"),
    both("in", "mcd.attention", "ecp.supports_attention"),
    both("meets", "mcd.quant", "ecp.supports_quant"),
    both("<=", "mcd.context_max", "ecp.max_context"),
  ];
  return (mcd, ecp) => maskOf(rules.map((rule) => jsonLogic.apply(rule, { mcd, ecp })));
}

function rulesEngine() {
  const engine = new Engine();
  engine.addOperator("disjoint", (a, b) => !a.some((one) => b.includes(one)));
  const conditions = [
    ["positional", "notIn", "supports_positional"],
    ["attention", "notIn", "supports_attention"],
    ["quant", "disjoint", "supports_quant"],
    ["context_max", "greaterThan", "max_context"],
  ];
  conditions.forEach(([fact, operator, other], rule) => {
    engine.addRule({ conditions: { all: [{ fact, operator, value: { fact: other } }] }, event: { type: String(rule) } });
  });
  return async (mcd, ecp) => {
    const { events } = await engine.run({ ...mcd, ...ecp });
    return events.reduce((mask, event) => mask | (1 << Number(event.type)), 0);
  };
}

function zen() {
  const names = ["r1", "r2", "r3", "r4"];
  const expressions = EXPRESSIONS.map((text, rule) => ({
    id: names[rule],
    key: names[rule],
    value: rule === 2 ? "some(mcd.quant, # in ecp.supports_quant)" : text,
  }));
  const engine = new ZenEngine();
  const decision = engine.createDecision({
    nodes: [
      { id: "in", name: "in", type: "inputNode", content: {} },
      { id: "rules", name: "rules", type: "expressionNode", content: { expressions } },
      { id: "out", name: "out", type: "outputNode", content: {} },
    ],
    edges: [
      { id: "a", type: "edge", sourceId: "in", targetId: "rules" },
      { id: "b", type: "edge", sourceId: "rules", targetId: "out" },
    ],
  });
  return async (mcd, ecp) => {
    const { result } = await decision.evaluate({ mcd, ecp });
    return maskOf(names.map((name) => result[name]));
  };
}

function ajv() {
  const validate = new Ajv({ $data: true, allErrors: true, strictTypes: false }).compile({
    properties: {
      mcd: {
        properties: {
          positional: { enum: { $data: "/ecp/supports_positional" } },
          attention: { enum: { $data: "/ecp/supports_attention" } },
          quant: { contains: { enum: { $data: "/ecp/supports_quant" } } },
          context_max: { maximum: { $data: "/ecp/max_context" } },
        },
      },
    },
  });
  const order = ["positional", "attention", "quant", "context_max"];
  return (mcd, ecp) => {
    if (validate({ mcd, ecp })) return 0;
    return validate.errors.reduce((mask, error) => mask | (1 << order.indexOf(error.instancePath.split("/")[2])), 0);
  };
}

export const engines = [
  { name: "json-logic-js", helped: "an operation for rule 3", prepare: logic },
  { name: "@bufbuild/cel", helped: "", prepare: cel },
  { name: "json-rules-engine", helped: "an operator for rule 3", prepare: rulesEngine },
  { name: "@gorules/zen-engine", helped: "", prepare: zen },
  { name: "ajv", helped: "", prepare: ajv },
];
