// The header of a model of 128,256 tokens: read as ggml reads it, one fread and one std::string a
// text; skipped over in memory, the least that any reader does; and read here, from memory and from
// a file. bytes and calls: what one reading asks of the kernel, by /proc/self/io.
// CMATCH_BENCH_GGUF=FILE takes the header of that file in place of the generated one.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cmatch/mcd_source.h"
#include "inputs.h"

namespace {

// A file with the header and a hole for the data, as `cmatch check` gets it.
class HeaderFile {
 public:
  HeaderFile() {
    if (const char* given = std::getenv("CMATCH_BENCH_GGUF")) {
      path_ = given;
      std::ifstream in(path_, std::ios::binary);
      bytes_.resize(std::min<std::uintmax_t>(std::filesystem::file_size(path_), 64U << 20U));
      in.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
      return;
    }
    bytes_ = cmatch::bench::LargeGgufHeader();
    path_ = (std::filesystem::temp_directory_path() / "cmatch_bench_header.gguf").string();
    std::ofstream(path_, std::ios::binary) << bytes_;
    std::filesystem::resize_file(path_, std::uintmax_t{16} << 30U);
    made_ = true;
  }
  ~HeaderFile() {
    if (made_) std::filesystem::remove(path_);
  }
  HeaderFile(const HeaderFile&) = delete;
  HeaderFile& operator=(const HeaderFile&) = delete;

  const std::string& path() const { return path_; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string path_, bytes_;
  bool made_ = false;
};

const HeaderFile& File() {
  static const HeaderFile file;
  return file;
}

std::size_t WidthOf(std::uint32_t type) {
  constexpr std::array<std::size_t, 13> kWidths = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < kWidths.size() ? kWidths[type] : 0;
}
constexpr std::uint32_t kText = 8;
constexpr std::uint32_t kArray = 9;

// The walk over a header, by how it takes fixed bytes and texts.
template <typename Reader>
std::uint64_t Walk(Reader& reader) {
  reader.Skip(8);
  const std::uint64_t tensors = reader.U64();
  const std::uint64_t keys = reader.U64();
  for (std::uint64_t i = 0; i < keys; ++i) {
    reader.Text();
    std::uint32_t type = reader.U32();
    std::uint64_t count = 1;
    if (type == kArray) {
      type = reader.U32();
      count = reader.U64();
    }
    if (type == kText) {
      reader.Texts(count);
    } else {
      reader.Skip(count * WidthOf(type));
    }
  }
  for (std::uint64_t i = 0; i < tensors; ++i) {
    reader.Text();
    reader.Skip(reader.U32() * 8 + 12);
  }
  return tensors + keys;
}

// As ggml's gguf reader: a std::string of its own for each text, every field by an fread.
class FreadReader {
 public:
  explicit FreadReader(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {}
  ~FreadReader() { std::fclose(file_); }
  FreadReader(const FreadReader&) = delete;
  FreadReader& operator=(const FreadReader&) = delete;

  std::uint64_t U64() { return Number<std::uint64_t>(); }
  std::uint32_t U32() { return Number<std::uint32_t>(); }
  void Text() { texts_.push_back(Read()); }
  void Texts(std::uint64_t count) {
    std::vector<std::string> texts(count);
    for (std::string& text : texts) text = Read();
    lists_.push_back(std::move(texts));
  }
  void Skip(std::uint64_t count) {
    std::vector<char> bytes(count);
    Take(bytes.data(), count);
  }

 private:
  template <typename T>
  T Number() {
    T value{};
    Take(&value, sizeof value);
    return value;
  }
  std::string Read() {
    std::string text(Number<std::uint64_t>(), '\0');
    Take(text.data(), text.size());
    return text;
  }
  void Take(void* to, std::size_t count) {
    if (std::fread(to, 1, count, file_) != count) std::abort();
  }

  std::FILE* file_;
  std::vector<std::string> texts_;
  std::vector<std::vector<std::string>> lists_;
};

// Moves over bytes in memory; nothing is kept, nothing is checked.
class SkippingReader {
 public:
  explicit SkippingReader(const std::string& bytes) : at_(bytes.data()) {}

  std::uint64_t U64() { return Number<std::uint64_t>(); }
  std::uint32_t U32() { return Number<std::uint32_t>(); }
  void Text() { Skip(U64()); }
  void Texts(std::uint64_t count) {
    while (count-- > 0) Text();
  }
  void Skip(std::uint64_t count) { at_ += count; }

 private:
  template <typename T>
  T Number() {
    T value{};
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  const char* at_;
};

struct Io {
  double bytes = 0, calls = 0;
};

Io IoSoFar() {
  std::ifstream in("/proc/self/io");
  Io io;
  for (std::string name; in >> name;) {
    double value = 0;
    in >> value;
    if (name == "rchar:") io.bytes = value;
    if (name == "syscr:") io.calls = value;
  }
  return io;
}

// What one call of `read` asks of the kernel, beyond the asking itself.
template <typename Read>
void CountIo(benchmark::State& state, Read read) {
  const Io start = IoSoFar();
  const Io asked = IoSoFar();
  read();
  const Io end = IoSoFar();
  state.counters["bytes"] = (end.bytes - asked.bytes) - (asked.bytes - start.bytes);
  state.counters["calls"] = (end.calls - asked.calls) - (asked.calls - start.calls);
}

void HeaderByFread(benchmark::State& state) {
  const auto read = [] {
    FreadReader reader(File().path());
    benchmark::DoNotOptimize(Walk(reader));
  };
  for (auto _ : state) read();
  CountIo(state, read);
}
BENCHMARK(HeaderByFread)->Unit(benchmark::kMicrosecond);

void HeaderSkipped(benchmark::State& state) {
  const std::string& bytes = File().bytes();
  for (auto _ : state) {
    SkippingReader reader(bytes);
    benchmark::DoNotOptimize(Walk(reader));
  }
}
BENCHMARK(HeaderSkipped)->Unit(benchmark::kMicrosecond);

void HeaderInMemory(benchmark::State& state) {
  const auto rules = cmatch::LoadBuiltinRules();
  // The data is not there, so the file is described, not accepted; the header is read whole.
  for (auto _ : state) {
    benchmark::DoNotOptimize(cmatch::ReadGgufBytes(File().bytes(), "model.gguf", *rules));
  }
}
BENCHMARK(HeaderInMemory)->Unit(benchmark::kMicrosecond);

void HeaderOfAFile(benchmark::State& state) {
  const auto rules = cmatch::LoadBuiltinRules();
  const auto read = [&] { benchmark::DoNotOptimize(cmatch::ReadGguf(File().path(), *rules)); };
  for (auto _ : state) read();
  CountIo(state, read);
  state.counters["header"] = static_cast<double>(File().bytes().size());
}
BENCHMARK(HeaderOfAFile)->Unit(benchmark::kMicrosecond);

}  // namespace
