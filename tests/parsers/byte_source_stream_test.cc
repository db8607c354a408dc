// Reading forward from what does not say where it ends.

#include "files/byte_source_stream.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "support/files.h"

namespace cmatch {
namespace {

using internal::FileSource;
using internal::StreamSource;

std::string From(StreamSource& source, std::uint64_t offset, std::size_t most) {
  const internal::Bytes bytes = source.At(offset);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), most))};
}

TEST_CASE("stream: forward and back, and no further than was asked for") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ' ';
  std::thread writer([&] {
    std::size_t at = 0;
    while (at < text.size()) {
      const ssize_t put = write(ends[1], text.data() + at, text.size() - at);
      if (put <= 0) break;
      at += static_cast<std::size_t>(put);
    }
    close(ends[1]);
  });
  StreamSource source(ends[0]);
  CHECK(source.size() > (std::uint64_t{1} << 60));  // not known
  CHECK(From(source, 0, 4) == text.substr(0, 4));
  CHECK(From(source, 200'000, 8) == text.substr(200'000, 8));
  CHECK(From(source, 1, 4) == text.substr(1, 4));
  CHECK(source.size() > (std::uint64_t{1} << 60));
  CHECK(From(source, text.size() - 1, 9) == " ");
  CHECK(source.At(text.size()).empty());
  CHECK(source.error() == 0);
  CHECK(source.size() == text.size());  // the end was seen
  writer.join();
  close(ends[0]);
}

TEST_CASE("stream: what cannot be read") {
  StreamSource closed(-1);
  CHECK(closed.At(0).empty());
  CHECK(closed.error() == EBADF);
}

TEST_CASE("stream: a redirected file is one of known size, from its start only") {
  const testing::TempDir directory;
  const std::string path = directory.Write("f", "0123456789");
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  const auto file = FileSource::Open(fd, "stdin");
  REQUIRE(file.has_value());
  CHECK((*file)->size() == 10);
  REQUIRE(lseek(fd, 1, SEEK_SET) == 1);
  const auto later = FileSource::Open(fd, "stdin");
  REQUIRE_FALSE(later.has_value());
  CHECK(later.error().code == "file-not-regular");
  CHECK(close(fd) == 0);
  CHECK_FALSE(FileSource::Open(-1, "stdin").has_value());
}

}  // namespace
}  // namespace cmatch
