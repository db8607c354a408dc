// The heap that reading a GGUF header takes, block of the file included: below 1 MiB, whatever the
// file claims, and each byte of the header read a fixed number of times.

#include <cstdio>
#include <string>

#include "cmatch/mcd_source.h"
#include "cmatch/rules_io.h"
#include "cost/inputs.h"
#include "failing_malloc.h"
#include "files/byte_source.h"
#include "files/read_limits.h"
#include "gguf/gguf_header.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace {

using cmatch::internal::FileSource;
using cmatch::internal::GgufRequest;
using cmatch::testing::CostlyInput;
using cmatch::testing::FailingMalloc;

constexpr std::int64_t kMostHeap = 1 << 20;
// The architecture is looked for, then all is read, then a duplicate is looked for.
constexpr std::uint64_t kMostPasses = 3;

int failures = 0;

GgufRequest Request() {
  GgufRequest request;
  request.general = {"general.name", "tokenizer.ggml.tokens"};
  for (int i = 0; i < 100; ++i) request.of_architecture.insert("list" + std::to_string(i));
  for (const auto block : cmatch::testing::TestBlocks()) {
    request.tensor_types.push_back({block.elements, block.bytes});
  }
  return request;
}

// Counts what is asked of a file.
class CountingSource : public cmatch::internal::ByteSource {
 public:
  explicit CountingSource(FileSource& file) : file_(file) {}
  std::uint64_t size() const override { return file_.size(); }
  cmatch::internal::Bytes At(std::uint64_t offset) override {
    const cmatch::internal::Bytes block = file_.At(offset);
    bytes_ += block.size();
    return block;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  FileSource& file_;
  std::uint64_t bytes_ = 0;
};

void Measure(const std::string& name, const std::string& bytes, const GgufRequest& request,
             const cmatch::RuleSet& rules) {
  const cmatch::testing::TempDir directory;
  const std::string path = directory.Write("m.gguf", bytes);
  const std::int64_t before = FailingMalloc::LiveBytes();
  FailingMalloc::ResetPeak();
  std::uint64_t read = 0;
  {
    const auto file = FileSource::Open(path);
    CountingSource source(**file);
    const auto header = cmatch::internal::ReadGgufHeader(source, request);
    read = source.bytes();
  }
  const std::int64_t heap = FailingMalloc::PeakBytes() - before;
  // What the tables make of it comes on top of what is kept, and is measured as well.
  FailingMalloc::ResetPeak();
  static_cast<void>(cmatch::ReadGguf(path, rules));
  const std::int64_t whole = FailingMalloc::PeakBytes() - before;
  const std::uint64_t blocks = bytes.size() / cmatch::internal::kGgufBlockBytes + 1;
  const std::uint64_t most = kMostPasses * blocks * cmatch::internal::kGgufBlockBytes;
  std::printf("%-28s %9zu bytes: %7lld of heap, %7lld as a model, %9llu bytes read\n", name.c_str(),
              bytes.size(), static_cast<long long>(heap), static_cast<long long>(whole),
              static_cast<unsigned long long>(read));
  if (heap >= kMostHeap || whole >= kMostHeap || read > most) {
    std::printf("  too much: at most %lld of heap and %llu bytes\n",
                static_cast<long long>(kMostHeap), static_cast<unsigned long long>(most));
    ++failures;
  }
}

}  // namespace

int main() {
  const GgufRequest request = Request();
  const auto rules = cmatch::LoadBuiltinRules();
  for (const CostlyInput& input : cmatch::testing::CostlyInputs()) {
    if (input.format != CostlyInput::kGguf) continue;
    // As many keys or tensors as are read, and more.
    for (const std::size_t size : {std::size_t{65'535}, std::size_t{200'000}}) {
      Measure(std::string(input.name) + " " + std::to_string(size), input.make(size), request,
              *rules);
    }
  }
  Measure("gguf-tokens 2000000", cmatch::testing::CostlyInputs()[6].make(2'000'000), request,
          *rules);
  for (const auto& defect : cmatch::testing::GgufDefects()) {
    Measure(defect.name, defect.make(), request, *rules);
  }
  return failures == 0 ? 0 : 1;
}
