// Build tool: reads and checks the YAML of rules/ and writes it as C++ source for the library.
//   cmatch_pack RULES_DIR OUTPUT.cc

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "archive.h"
#include "cmatch/rules_io.h"
#include "tables/builtin.h"

namespace cmatch::internal {

// The tool makes the built-in tables and has none itself.
Tables LoadBuiltinTables(std::string_view /*engine*/) { return {}; }

}  // namespace cmatch::internal

namespace {

namespace fs = std::filesystem;

std::vector<cmatch::RuleFile> ReadFiles(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const fs::path& folder : {directory, directory / "engines"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
    }
  }
  std::vector<cmatch::RuleFile> files;
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    files.push_back({path.lexically_relative(directory).generic_string(),
                     std::string(std::istreambuf_iterator<char>(in), {})});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

int Complain(const cmatch::Error& error) {
  for (const cmatch::Problem& problem : error.problems) {
    std::fprintf(stderr, "%s: %s error: %s\n", ToString(problem.where).c_str(),
                 problem.code.c_str(), problem.message.c_str());
    for (const cmatch::Note& note : problem.notes) {
      std::fprintf(stderr, "  note: %s (%s)\n", note.message.c_str(), ToString(note.where).c_str());
    }
    if (!problem.help.empty()) std::fprintf(stderr, "  help: %s\n", problem.help.c_str());
  }
  return 1;
}

// Those that other files name beside kinds.yaml, of every dimension that a field has.
std::vector<cmatch::KindName> KindsElsewhere(const cmatch::RuleSet& rules) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const cmatch::KindName& kind : rules.tables().kinds) seen.emplace(kind.dimension, kind.name);
  std::vector<cmatch::KindName> kinds;
  for (const cmatch::Field& field : rules.tables().fields) {
    for (const std::string_view name : rules.KindsOf(field.of)) {
      if (!seen.emplace(field.of, name).second) continue;
      kinds.push_back({.dimension = field.of, .name = name, .meaning = {}, .origin = {}});
    }
  }
  return kinds;
}

void WriteSource(const std::string& block, const std::string& digest, std::ofstream& out) {
  out << "// Made by cmatch_pack from rules/.\n#include \"builtin_data.h\"\n\n"
         "namespace cmatch::internal {\n\n"
         "const std::size_t kBuiltinSize = "
      << block.size() << ";\nconst char kBuiltinDigest[] = \"" << digest
      << "\";\nalignas(8) const std::uint64_t kBuiltinWords[] = {";
  for (std::size_t i = 0; i < block.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, block.data() + i, std::min<std::size_t>(8, block.size() - i));
    out << (i % 64 == 0 ? "\n" : " ") << word << "ULL,";
  }
  out << "\n};\n\n}  // namespace cmatch::internal\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: cmatch_pack RULES_DIR OUTPUT.cc\n");
    return 2;
  }
  auto tables = cmatch::ReadTables(ReadFiles(argv[1]));
  if (!tables) return Complain(tables.error());
  const auto rules = cmatch::RuleSet::Create(std::move(*tables));
  if (!rules) return Complain(rules.error());
  cmatch::Tables checked = (*rules)->tables();
  cmatch::internal::ArchiveWriter writer;
  cmatch::internal::Transfer<cmatch::internal::ArchiveWriter> transfer(writer);
  std::vector<cmatch::KindName> kinds = KindsElsewhere(**rules);
  transfer(checked, kinds);
  std::ofstream out(argv[2], std::ios::binary);
  WriteSource(writer.Finish(), (*rules)->digest(), out);
  return out.flush() ? 0 : 1;
}
