#include "gguf/gguf_split.h"

#include <optional>
#include <utility>
#include <vector>

#include "files/byte_source.h"
#include "files/read_limits.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kSuffix = ".gguf";
// "-00001-of-00003", 0 being any digit.
constexpr std::string_view kNumbers = "-00000-of-00000";

std::string Padded(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return digits.size() < 5 ? std::string(5 - digits.size(), '0') + digits : digits;
}

std::string Numbers(std::int64_t no, std::int64_t count) {
  return "-" + Padded(no + 1) + "-of-" + Padded(count);
}

std::string FileName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

bool EndsWithNumbers(std::string_view name) {
  if (name.size() <= kNumbers.size()) return false;
  const std::string_view end = name.substr(name.size() - kNumbers.size());
  for (std::size_t i = 0; i < end.size(); ++i) {
    const bool digit = end[i] >= '0' && end[i] <= '9';
    if (kNumbers[i] == '0' ? !digit : end[i] != kNumbers[i]) return false;
  }
  return true;
}

std::optional<std::int64_t> SplitKey(GgufFacts& facts, std::string_view key, GgufType type) {
  const GgufValue* value = facts.header().Find(key);
  if (value == nullptr) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&value->kept);
  if (value->array || number == nullptr) {
    facts.Warn("gguf-odd-split", std::string(key) + " is not an integer: not used");
    return std::nullopt;
  }
  if (value->type != type) {
    facts.Warn("gguf-odd-split",
               std::string(key) + " is a " + std::string(GgufTypeName(value->type)) +
                   "; llama.cpp reads only a " + std::string(GgufTypeName(type)) + " here");
  }
  return *number;
}

// Tensors and bytes of a further shard.
void Add(const GgufHeader& shard, GgufHeader& whole) {
  whole.tensors.count += shard.tensors.count;
  for (const auto& [id, use] : shard.tensors.types) {
    GgufTypeUse& sum = whole.tensors.types[id];
    sum.tensors += use.tensors;
    sum.bytes += use.bytes;
    sum.matrix_bytes += use.matrix_bytes;
  }
  if (!whole.tensors.token_embd_rows.has_value()) {
    whole.tensors.token_embd_rows = shard.tensors.token_embd_rows;
  }
  whole.tensors.attention_sinks |= shard.tensors.attention_sinks;
  whole.tensors.rope_factors |= shard.tensors.rope_factors;
  whole.file_bytes += shard.file_bytes;
}

// The shards behind the first.
class ShardReader {
 public:
  ShardReader(const std::string& path, std::int64_t count, const GgufRequest& request,
              GgufModel& model, GgufFacts& facts)
      : path_(path), count_(count), request_(request), model_(model), facts_(facts) {}

  // `tensors`: of all shards together, by split.tensors.count.
  void Run(std::optional<std::int64_t> tensors) {
    const bool first_has_all = tensors.has_value() && IsTensorCount(*tensors);
    if (!path_.empty() && GgufShardPath(path_, 0, 0, count_).empty()) {
      missing_.push_back("all others: the file is not named NAME" + Numbers(0, count_) + ".gguf");
    } else {
      for (std::int64_t no = 1; no < count_ && !Enough(); ++no) Read(no);
    }
    model_.tensors_known = (missing_.empty() && !bad_) || first_has_all;
    if (!missing_.empty()) return SayMissing(first_has_all);
    if (!bad_ && tensors.has_value() && !IsTensorCount(*tensors)) {
      facts_.Block("", "gguf-bad-split",
                   "the shards have " + std::to_string(model_.header.tensors.count) +
                       " tensors; split.tensors.count is " + std::to_string(*tensors));
    }
  }

 private:
  bool IsTensorCount(std::int64_t count) const {
    return count >= 0 && static_cast<std::uint64_t>(count) == model_.header.tensors.count;
  }
  bool Enough() const { return missing_.size() >= static_cast<std::size_t>(kGgufMaxMissingShards); }

  void Read(std::int64_t no) {
    const std::string path = GgufShardPath(path_, 0, no, count_);
    const std::string name = path.empty() ? "shard " + std::to_string(no + 1) : FileName(path);
    if (path.empty()) return missing_.push_back(name);
    auto source = FileSource::Open(path);
    if (!source.has_value() && source.error().code == "file-not-found") {
      return missing_.push_back(name);
    }
    if (!source.has_value()) return Bad(name, source.error().message);
    const std::expected<GgufHeader, Problem> shard = ReadGgufHeader(**source, request_);
    if (!shard.has_value()) return Bad(name, shard.error().message);
    const GgufValue* value = shard->Find("split.no");
    const auto* own = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->kept);
    if (own == nullptr || *own != no) {
      return Bad(name, "split.no is not " + std::to_string(no));
    }
    CheckGgufData(*shard, name, facts_);
    Add(*shard, model_.header);
  }

  void Bad(const std::string& name, const std::string& what) {
    bad_ = true;
    facts_.Block("", "gguf-bad-shard", name + ": " + what);
  }

  void SayMissing(bool first_has_all) {
    std::string names;
    for (const std::string& name : missing_) names += (names.empty() ? "" : ", ") + name;
    if (Enough()) names += ", and perhaps more";
    const std::string message =
        "not all of its " + std::to_string(count_) + " shards are there; missing: " + names;
    const std::string help = "put all shards into one directory";
    if (first_has_all) {
      facts_.Warn("gguf-missing-shard", message + "; the first shard lists all tensors", help);
    } else {
      facts_.Block("", "gguf-missing-shard", message, help);
    }
  }

  const std::string& path_;
  std::int64_t count_;
  const GgufRequest& request_;
  GgufModel& model_;
  GgufFacts& facts_;
  std::vector<std::string> missing_;
  bool bad_ = false;
};

void BlockLaterShard(const std::string& path, std::int64_t no, std::int64_t count,
                     GgufFacts& facts) {
  const std::string first = GgufShardPath(path, no, 0, count);
  facts.Set("kind", std::string("shard"), "split.no");
  facts.Block("", "gguf-not-a-model",
              "this is shard " + std::to_string(no + 1) + " of " + std::to_string(count) +
                  " of a model, not the model; its first shard is " +
                  (first.empty() ? "NAME" + Numbers(0, count) + ".gguf" : FileName(first)),
              "hand in the first shard: the others are found beside it");
}

}  // namespace

std::string GgufStem(std::string_view path) {
  std::string name = FileName(path);
  if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
  if (EndsWithNumbers(name)) name.resize(name.size() - kNumbers.size());
  return name;
}

std::string GgufShardPath(std::string_view path, std::int64_t own, std::int64_t no,
                          std::int64_t count) {
  const std::string end = Numbers(own, count) + std::string(kSuffix);
  if (!path.ends_with(end)) return {};
  path.remove_suffix(end.size());
  return std::string(path) + Numbers(no, count) + std::string(kSuffix);
}

void CheckGgufData(const GgufHeader& header, const std::string& name, GgufFacts& facts) {
  if (header.data_end <= header.file_bytes) return;
  facts.Block("", "gguf-truncated-data",
              (name.empty() ? "" : name + ": ") + "the tensor data ends early: " +
                  std::to_string(header.data_end - header.file_bytes) + " of " +
                  std::to_string(header.data_end) + " bytes are missing",
              "the download or copy is incomplete: fetch the file again");
}

bool FollowGgufSplit(const std::string& path, const GgufRequest& request, GgufModel& model,
                     GgufFacts& facts) {
  const std::optional<std::int64_t> count = SplitKey(facts, "split.count", GgufType::kU16);
  if (!count.has_value()) return true;
  const std::optional<std::int64_t> no = SplitKey(facts, "split.no", GgufType::kU16);
  const std::optional<std::int64_t> tensors =
      SplitKey(facts, "split.tensors.count", GgufType::kI32);
  if (*count >= 0 && *count <= 1 && no.value_or(0) == 0) {
    facts.Set("split_count", std::int64_t{1}, "split.count");
    return true;
  }
  const bool good =
      *count > 1 && *count <= kGgufMaxShards && no.has_value() && *no >= 0 && *no < *count;
  if (!good) {
    facts.Block("", "gguf-bad-split",
                "split.no is " + (no.has_value() ? std::to_string(*no) : "missing") +
                    " and split.count " + std::to_string(*count));
    return false;
  }
  facts.Set("split_count", *count, "split.count");
  if (*no > 0) {
    model.tensors_known = false;
    BlockLaterShard(path.empty() ? model.name : path, *no, *count, facts);
    return false;
  }
  ShardReader(path, *count, request, model, facts).Run(tensors);
  return true;
}

}  // namespace cmatch::internal
