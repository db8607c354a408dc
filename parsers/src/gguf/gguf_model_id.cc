// model_id: a repository, else organisation and name, else the parts of the naming convention, else
// the file's name. general.name alone is free text ("LLaMA v2" for every size) and never used.

#include <algorithm>
#include <string>
#include <vector>

#include "gguf/gguf_facts.h"
#include "gguf/gguf_split.h"

namespace cmatch::internal {
namespace {

struct RepositoryKey {
  std::string_view key;
  std::string_view remark;
};

constexpr RepositoryKey kRepositoryKeys[] = {
    {"general.source.repo_url", ""},
    {"general.source.huggingface.repository", ""},
    {"general.repo_url", ""},
    {"general.base_model.0.repo_url", " (the model that it was made from)"},
};

bool IsRepositoryPart(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.size() <= 96 &&
         std::ranges::all_of(part, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

// "org/name" at the start of `path`; "" where it is not.
std::string OrganisationAndName(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view organisation = path.substr(0, slash);
  const std::string_view rest = path.substr(slash + 1);
  const std::string_view name = rest.substr(0, rest.find_first_of("/?#"));
  if (!IsRepositoryPart(organisation) || !IsRepositoryPart(name)) return {};
  return std::string(organisation) + "/" + std::string(name);
}

// "org/name" of a Hugging Face model: its address, or as it is.
std::string Repository(std::string_view text) {
  const bool address = text.starts_with("https://") || text.starts_with("http://");
  if (!address) return text.find(':') == std::string_view::npos ? OrganisationAndName(text) : "";
  text.remove_prefix(text.find("//") + 2);
  for (const std::string_view host : {"huggingface.co/", "www.huggingface.co/", "hf.co/"}) {
    if (!text.starts_with(host)) continue;
    text.remove_prefix(host.size());
    const bool model = !text.starts_with("datasets/") && !text.starts_with("spaces/");
    return model ? OrganisationAndName(text) : "";
  }
  return {};
}

// BASENAME[-SIZE][-FINETUNE][-VERSION], as docs/gguf.md names files; "" without a base name.
std::string ByConvention(const GgufFacts& facts) {
  std::string id;
  for (const std::string_view key :
       {"general.basename", "general.size_label", "general.finetune", "general.version"}) {
    const std::string* part = facts.Text(key);
    if (part == nullptr && id.empty()) return {};
    if (part == nullptr) continue;
    id += (id.empty() ? "" : "-") + *part;
  }
  return id;
}

}  // namespace

void StateGgufModelId(GgufFacts& facts, const std::string& path) {
  for (const RepositoryKey& source : kRepositoryKeys) {
    const std::string* text = facts.Text(source.key);
    const std::string id = text == nullptr ? "" : Repository(*text);
    if (id.empty()) continue;
    return facts.Set("model_id", id, std::string(source.key) + std::string(source.remark));
  }
  const std::string* organisation = facts.Text("general.organization");
  const std::string* name = facts.Text("general.name");
  if (organisation != nullptr && name != nullptr) {
    return facts.Set("model_id", *organisation + "/" + *name, "general.organization, general.name");
  }
  if (const std::string id = ByConvention(facts); !id.empty()) {
    return facts.Set("model_id", id, "general.basename and what goes with it");
  }
  if (const std::string stem = GgufStem(path); !stem.empty()) {
    facts.Set("model_id", stem, "the file's name");
  }
}

}  // namespace cmatch::internal
