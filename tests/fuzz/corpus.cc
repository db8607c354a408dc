#include "fuzz/corpus.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cmatch::fuzz {
namespace {

std::string ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string EscapeInput(std::string_view input) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string line;
  for (const char c : input) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\\':
        line += "\\\\";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\t':
        line += "\\t";
        break;
      case '\0':
        line += "\\0";
        break;
      default:
        if (byte >= 0x20 && byte < 0x7F) {
          line += c;
        } else {
          line += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
  }
  return line;
}

std::string UnescapeInput(std::string_view line) {
  std::string input;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char next = line[i] == '\\' && i + 1 < line.size() ? line[i + 1] : '\0';
    unsigned byte = 0;
    if (next == 'x' && i + 4 <= line.size() &&
        std::from_chars(&line[i + 2], &line[i + 2] + 2, byte, 16).ptr == &line[i + 2] + 2) {
      input += static_cast<char>(byte);
      i += 3;
    } else if (next == 'n' || next == 't' || next == '0' || next == '\\') {
      input += next == 'n' ? '\n' : next == 't' ? '\t' : next == '0' ? '\0' : '\\';
      ++i;
    } else {
      input += line[i];
    }
  }
  return input;
}

std::vector<std::string> ReadCorpus(const std::string& path) {
  std::vector<std::string> inputs;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) inputs.push_back(UnescapeInput(line));
  return inputs;
}

bool PackCorpus(const std::string& directory, const std::string& path) {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) lines.push_back(EscapeInput(ReadBytes(entry.path())));
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::ofstream file(path);
  for (const std::string& line : lines) file << line << '\n';
  return static_cast<bool>(file.flush());
}

bool UnpackCorpus(const std::vector<std::string>& inputs, const std::string& directory,
                  const std::string& prefix) {
  std::filesystem::create_directories(directory);
  bool written = true;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::ofstream file(std::filesystem::path(directory) / (prefix + std::to_string(i)),
                       std::ios::binary);
    file << inputs[i];
    written = written && file.flush();
  }
  return written;
}

}  // namespace cmatch::fuzz
