// Model catalogs. The first line is the id that is asked for, the rest the document.

#include "models/catalog.h"

#include "cmatch/mcd_source.h"
#include "fuzz/fuzz.h"

namespace cmatch::fuzz {

void Run(std::string_view input) {
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view id = input.substr(0, line);
  const std::string_view text = input.substr(std::min(line + 1, input.size()));
  const auto entry = ReadCatalogEntry(text, "fuzz.json", id, Rules());
  if (!entry) return ExpectError(entry.error());
  if (const auto mcd = McdFrom(*entry); !mcd) ExpectError(mcd.error());
  const auto found = internal::FindInCatalog(text, "fuzz.json", id, Rules());
  Expect(found.has_value(), "an entry that can be read is found", text);
}

std::vector<std::string> Seeds() {
  return {
      "m\n"
      R"({"m": {"local_path": "m.gguf", "capabilities": {"positional": "rope_neox", "attention": "mha",
 "quant": ["fp16"], "context_max": 2048, "vocab_size": 50257}}, "n": {"path": "\u00e9\ud83d\ude00"}})",
      "b\n"
      R"({"models": [{"id": "a", "path": "/a"}, {"id": "b", "model_id": "org/b", "capabilities": {}}]})",
      "b\n[{\"id\": \"b\", \"capabilities\": {\"quant\": \"q4_0\"}}, {\"id\": \"b\"}]",
      "\n{}",
  };
}

}  // namespace cmatch::fuzz
