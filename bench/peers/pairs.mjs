// 64 models and 64 workers with the members of CMATCH-8010 and 8020, the same at each run: every rule fails on some pairs
// and holds on others.
const POSITIONAL = ["rope_llama", "rope_neox", "mrope", "alibi", "learned"];
const ATTENTION = ["mha", "gqa", "mqa", "mla"];
const QUANT = ["f32", "fp16", "bf16", "q4_0", "q4_k_m", "q5_k_m", "q6_k", "q8_0", "iq4_xs", "fp8", "mxfp4", "nvfp4", "awq", "gptq", "int8", "int4"];
const CONTEXT = [2048, 4096, 8192, 32768, 40960, 131072];

let state = 8030n;
function below(limit) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(limit));
}
const pick = (list) => list[below(list.length)];
const some = (list, chance) => list.filter(() => below(4) < chance);

export const models = Array.from({ length: 64 }, (_, i) => ({
  model_id: `org/model-${i}`,
  positional: pick(POSITIONAL),
  attention: pick(ATTENTION),
  quant: [...new Set([pick(QUANT), pick(QUANT)])],
  context_max: pick(CONTEXT),
  vocab_size: 128256,
}));

export const workers = Array.from({ length: 64 }, (_, i) => ({
  worker_id: `worker-${i}`,
  supports_positional: some(POSITIONAL, 3),
  supports_attention: some(ATTENTION, 3),
  supports_quant: some(QUANT, 2),
  max_context: pick(CONTEXT),
  vram_bytes: 24000000000,
}));
