#ifndef CMATCH_GGUF_SPLIT_H_
#define CMATCH_GGUF_SPLIT_H_

// Models in several files: NAME-00001-of-00003.gguf, ... Shard 1 has all metadata, each shard lists
// its own tensors (llama.cpp, llama_split_path and llama_model_loader).

#include <cstdint>
#include <string>
#include <string_view>

#include "gguf/gguf_facts.h"
#include "gguf/gguf_header.h"

namespace cmatch::internal {

// The file's name without directory, ".gguf" and "-00001-of-00003".
std::string GgufStem(std::string_view path);

// The path of another shard (`no` counts from 0); "" where `path` is not named as shard `own` of
// `count`.
std::string GgufShardPath(std::string_view path, std::int64_t own, std::int64_t no,
                          std::int64_t count);

// Where the file is shard 1, reads the other shards beside `path` (empty: nothing is beside it) and
// adds their tensors and bytes to `model`, of which `facts` is. False: the file is a later shard,
// or its split keys contradict each other; nothing more can be said of it.
bool FollowGgufSplit(const std::string& path, const GgufRequest& request, GgufModel& model,
                     GgufFacts& facts);

// Blocks where the tensor data of `header` ends before its last tensor does. `name` of a further
// shard; empty for the file itself.
void CheckGgufData(const GgufHeader& header, const std::string& name, GgufFacts& facts);

}  // namespace cmatch::internal

#endif  // CMATCH_GGUF_SPLIT_H_
