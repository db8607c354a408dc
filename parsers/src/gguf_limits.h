#ifndef CMATCH_GGUF_LIMITS_H_
#define CMATCH_GGUF_LIMITS_H_

// Every bound on what a GGUF file may make this library do. Nothing is allocated from a count that
// the file states; together these keep the heap of one read below 1 MiB.

#include <cstddef>
#include <cstdint>

namespace cmatch::internal {

// Read-ahead of a file: large enough that a vocabulary of 128k tokens costs some tens of system
// calls, small enough to stay in the second-level cache while it is walked.
inline constexpr std::size_t kGgufBlockBytes = std::size_t{256} << 10;

// The largest real header known is 14 MB (201k tokens, 446k merges).
inline constexpr std::uint64_t kGgufMaxHeaderBytes = std::uint64_t{512} << 20;

// Real files have some 50 keys and at most a few thousand tensors. One 8-byte hash is kept for each
// key, then for each tensor name: 512 KiB at the bound.
inline constexpr std::uint64_t kGgufMaxKeys = 65'536;
inline constexpr std::uint64_t kGgufMaxTensors = 65'536;

// ggml's own bounds (ggml-org/ggml@d99724f2, include/gguf.h, include/ggml.h): what is larger, ggml
// refuses.
inline constexpr std::uint64_t kGgufMaxStringBytes = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kGgufMaxArrayElements = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kGgufMaxTensorNameBytes = 63;
inline constexpr std::uint32_t kGgufMaxDimensions = 4;

// The format's bound on a key (docs/gguf.md); longer ones are read by ggml, so only warned of.
inline constexpr std::uint64_t kGgufSpecKeyBytes = 65'535;

// As much of a key as is kept to recognise and to print it; no name this library looks for is
// longer.
inline constexpr std::size_t kGgufKeptKeyBytes = 255;

// Names, organisations, URLs. A longer text is skipped; one under `general.` is warned of.
inline constexpr std::uint64_t kGgufKeptStringBytes = 1'024;

// Arrays of numbers are by layer (at most 512) or short; all kept ones together take 64 KiB at
// most.
inline constexpr std::uint64_t kGgufKeptArrayElements = 4'096;
inline constexpr std::uint64_t kGgufKeptElementsInAll = 8'192;

// Warnings of one code that are listed one by one; the rest are counted.
inline constexpr std::size_t kGgufWarningsOfACode = 4;

// LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS (llama.cpp src/llama-hparams.h, as in
// ggml-org/whisper.cpp@4834a2327 examples/talk-llama): llama.cpp aborts beyond them.
inline constexpr std::int64_t kGgufMaxLayers = 512;
inline constexpr std::int64_t kGgufMaxExperts = 1'024;

// `split.count` is a u16.
inline constexpr std::int64_t kGgufMaxShards = 65'535;
// Missing shards that are looked for before the search ends: a file may claim 65,535.
inline constexpr std::int64_t kGgufMaxMissingShards = 8;

// Beyond this a context length is taken for a mistake, and said to be one.
inline constexpr std::int64_t kGgufOddContext = std::int64_t{1} << 30;

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_LIMITS_H_
