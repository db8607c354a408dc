// libcmatch.so called from Node through koffi: what is paid for the crossing shows beside the same calls made from C++.
import koffi from "koffi";

export function library(path, rulesDirectory, models, workers) {
  const lib = koffi.load(path);
  const text = koffi.struct("cmatch_str", { data: "const char*", size: "size_t" });
  const str = (value) => ({ data: value, size: Buffer.byteLength(value) });
  const out = () => [null];
  const load = lib.func("cmatch_rules_load", "int32_t", [koffi.pointer(text), "size_t", "void*", "_Out_ void**", "_Out_ void**"]);
  const model = lib.func("cmatch_model_from_json", "int32_t", ["void*", text, "void*", "_Out_ void**", "_Out_ void**"]);
  const worker = lib.func("cmatch_worker_from_json", "int32_t", ["void*", text, "_Out_ void**", "_Out_ void**"]);
  const check = lib.func("cmatch_check", "int32_t", ["void*", "void*", "void*", "void*"]);
  const many = lib.func("cmatch_check_many", "int32_t", ["void*", "void**", "size_t", "void**", "size_t", "void*", "size_t"]);
  const made = (status, handle) => {
    if (status !== 0) throw new Error(`libcmatch: status ${status}`);
    return handle[0];
  };
  const rules = out();
  made(load([str(rulesDirectory)], 1, null, rules, out()), rules);
  const json = (value) => str(JSON.stringify(value));
  const boundModels = models.map((each) => {
    const handle = out();
    return made(model(rules[0], json(each), null, handle, out()), handle);
  });
  const boundWorkers = workers.map((each) => {
    const handle = out();
    return made(worker(rules[0], json(each), handle, out()), handle);
  });
  const verdict = Buffer.alloc(8 + 4 * 32);
  verdict.writeBigUInt64LE(BigInt(verdict.length));
  const bitmap = Buffer.alloc((8 * models.length * workers.length) / 64);
  return {
    // Verdict and failing rules, one call a pair.
    each(masks) {
      let at = 0;
      for (const m of boundModels) {
        for (const w of boundWorkers) {
          check(rules[0], m, w, verdict);
          masks[at++] = verdict[8] & 15;
        }
      }
    },
    // Verdicts alone, one call for all pairs.
    all() {
      many(rules[0], boundModels, models.length, boundWorkers, workers.length, bitmap, bitmap.length / 8);
      return bitmap;
    },
  };
}
