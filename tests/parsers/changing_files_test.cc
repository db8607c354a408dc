// Files that change while they are read: what comes back is the old file, the new one, or an error;
// never a signal, and never a mixture that is taken for a model.

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "base_rules.h"
#include "cmatch/mcd_source.h"
#include "files/byte_source.h"
#include "gguf/gguf_header.h"
#include "support/files.h"
#include "support/gguf_writer.h"
#include "support/hostile_files.h"

namespace cmatch {
namespace {

using internal::FileSource;
using internal::GgufRequest;
using internal::ReadGgufHeader;
using testing::GgufWriter;
using testing::TempDir;

GgufRequest Request() {
  GgufRequest request;
  for (const testing::TestBlock block : testing::TestBlocks()) {
    request.tensor_types.push_back({block.elements, block.bytes});
  }
  return request;
}

// A header over several blocks of the reader.
std::string LongModel() {
  return testing::SmallModel().Tokens("tokenizer.ggml.merges", 100'000).Bytes();
}

TEST_CASE("files: one that is cut after it was opened is an error that says so") {
  const TempDir directory;
  const std::string bytes = LongModel();
  for (const std::size_t left : {std::size_t{0}, std::size_t{10}, std::size_t{300'000}}) {
    CAPTURE(left);
    const std::string path = directory.Write("m.gguf", bytes);
    const auto source = FileSource::Open(path);
    REQUIRE(source.has_value());
    std::filesystem::resize_file(path, left);
    const auto header = ReadGgufHeader(**source, Request());
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().code == "gguf-read-error");
    CHECK(header.error().message.find("became shorter") != std::string::npos);
  }
}

TEST_CASE("files: one that is replaced after it was opened is read as it was") {
  const TempDir directory;
  const std::string path = directory.Write("m.gguf", LongModel());
  const auto source = FileSource::Open(path);
  REQUIRE(source.has_value());
  std::filesystem::rename(directory.Write("other", "nothing of the kind"), path);
  const auto header = ReadGgufHeader(**source, Request());
  REQUIRE(header.has_value());
  CHECK(header->architecture == "llama");
}

TEST_CASE("files: one that grows after it was opened is read up to where it ended") {
  const TempDir directory;
  const std::string whole = LongModel();
  const std::string path = directory.Write("m.gguf", whole.substr(0, 300'000));
  const auto source = FileSource::Open(path);
  REQUIRE(source.has_value());
  directory.Write("m.gguf", whole);
  const auto header = ReadGgufHeader(**source, Request());
  REQUIRE_FALSE(header.has_value());
  CHECK(header.error().code == "gguf-truncated-header");
}

// Another process that does something to files, over and over, while it lives.
class Meddler {
 public:
  explicit Meddler(const std::function<void(int)>& meddle) : child_(fork()) {
    REQUIRE(child_ >= 0);
    if (child_ > 0) return;
    for (int round = 0;; ++round) meddle(round);
  }
  ~Meddler() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  Meddler(const Meddler&) = delete;
  Meddler& operator=(const Meddler&) = delete;

 private:
  pid_t child_;
};

constexpr int kReads = 200;

// The codes that reading `path` gave.
std::set<std::string> ReadOver(const std::string& path) {
  const testing::Watchdog watchdog;
  std::set<std::string> codes;
  for (int i = 0; i < kReads; ++i) {
    const auto facts = ReadModel(path, testing::BaseRules());
    if (!facts) {
      for (const Problem& problem : facts.error().problems) codes.insert(problem.code);
    } else if (!facts->blocking.empty()) {
      for (const Problem& problem : facts->blocking) codes.insert(problem.code);
    } else {
      const auto mcd = McdFrom(*facts);
      codes.insert(mcd.has_value() && mcd->context_max == 4096 ? "whole" : "a mixture");
    }
  }
  return codes;
}

void ExpectAmong(const std::set<std::string>& codes, const std::set<std::string>& allowed) {
  for (const std::string& code : codes) {
    CAPTURE(code);
    CHECK(allowed.contains(code));
  }
}

TEST_CASE("files: one that is cut and written again all the while is whole, or an error") {
  const TempDir directory;
  const std::string bytes = LongModel();
  const std::string path = directory.Write("m.gguf", bytes);
  const Meddler meddler([&](int round) {
    if (round % 2 == 0) {
      std::filesystem::resize_file(path, bytes.size() * static_cast<std::size_t>(round % 7) / 7);
    } else {
      directory.Write("m.gguf", bytes);
    }
  });
  // While it is written its end is not there yet: zeros, or a shorter file.
  ExpectAmong(ReadOver(path),
              {"whole", "gguf-read-error", "gguf-empty", "gguf-truncated-header", "gguf-no-data",
               "gguf-truncated-data", "gguf-bad-magic", "gguf-bad-key"});
}

TEST_CASE("files: shards that come and go are whole, or missing") {
  const TempDir directory;
  const auto shard = [](int no) {
    GgufWriter file = no == 0 ? testing::SmallModel() : GgufWriter();
    if (no > 0) file.Tensor("blk." + std::to_string(no), {32}, testing::kF32);
    file.U16("split.no", static_cast<std::uint16_t>(no)).U16("split.count", 3);
    return file.I32("split.tensors.count", 5).Bytes();
  };
  const auto name = [](int no) { return "m-0000" + std::to_string(no + 1) + "-of-00003.gguf"; };
  for (int no = 0; no < 3; ++no) directory.Write(name(no), shard(no));
  const std::string away = (directory.path() / "away").string();
  const std::string third = (directory.path() / name(2)).string();
  const Meddler meddler([&](int) {
    std::error_code ignored;
    std::filesystem::rename(third, away, ignored);
    std::filesystem::rename(away, third, ignored);
  });
  ExpectAmong(ReadOver((directory.path() / name(0)).string()),
              {"whole", "gguf-missing-shard", "gguf-bad-shard"});
}

}  // namespace
}  // namespace cmatch
