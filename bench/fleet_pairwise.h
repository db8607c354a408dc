#ifndef CMATCH_BENCH_FLEET_PAIRWISE_H_
#define CMATCH_BENCH_FLEET_PAIRWISE_H_

#include <cstdint>
#include <vector>

namespace cmatch::bench {

// The baseline: models and workers as flat records of bit sets of up to 32 kinds and a context, one
// array a member. Workers count a multiple of 64.
struct FlatFleet {
  std::vector<std::uint32_t> model_positional, model_attention, model_quant;
  std::vector<std::int32_t> model_context;
  std::vector<std::uint32_t> worker_positional, worker_attention, worker_quant;
  std::vector<std::int32_t> worker_context;

  static bool Supported();  // AVX2
  // Five rows of workers / 64 words: each rule's failures, then the verdict.
  void Judge(std::size_t model, std::uint64_t* rows) const;
};

}  // namespace cmatch::bench

#endif  // CMATCH_BENCH_FLEET_PAIRWISE_H_
