#include "detail.h"

#include <algorithm>
#include <bit>

#include "compile.h"

namespace cmatch::internal {

std::string JoinTexts(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += ", ";
    joined += text;
  }
  return joined;
}

std::string ByteText(std::int64_t bytes) {
  constexpr std::pair<const char*, int> kUnits[] = {{" GiB", 30}, {" MiB", 20}};
  for (const auto& [unit, shift] : kUnits) {
    if (bytes < std::int64_t{1} << shift) continue;
    const std::int64_t tenths = ((bytes >> (shift - 10)) * 10 + 512) >> 10;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + unit;
  }
  return std::to_string(bytes) + " bytes";
}

std::string JoinRanges(const std::vector<ComputeRange>& ranges) {
  std::string joined;
  for (const ComputeRange& range : ranges) {
    if (!joined.empty()) joined += ", ";
    joined += ToString(range);
  }
  return joined;
}

namespace {

std::string After(std::string_view separator, const std::string& text) {
  return text.empty() ? text : std::string(separator) + text;
}

std::string Shown(const Value& value, bool bytes) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return bytes && number != nullptr ? ByteText(*number) : ToString(value);
}

// A sentence names a few; the finding has them all.
std::string Sample(const std::vector<std::string>& texts) {
  constexpr std::size_t kNamed = 8;
  if (texts.empty()) return "none";
  if (texts.size() <= kNamed + 1) return JoinTexts(texts);
  return JoinTexts({texts.begin(), texts.begin() + kNamed}) + " and " +
         std::to_string(texts.size() - kNamed) + " more";
}

}  // namespace

Value Explainer::ValueOf(const Slot& slot) const {
  if (slot.field->name == kMinDriverField) {
    const DriverFloor* floor =
        worker_.profile.engine == nullptr ? nullptr : MinDriver(worker_.profile);
    return floor == nullptr ? Value() : std::string(floor->driver);
  }
  const std::string_view member = slot.field->name.substr(4);
  return slot.ecp ? MemberOf(worker_.ecp, member) : MemberOf(model_.mcd, member);
}

Source Explainer::SourceOf(Origin origin, std::string_view text) const {
  return {.where = rules_.tables().Locate(origin), .text = std::string(text)};
}

std::string Explainer::Release() const {
  return std::string(worker_.profile.engine->name) + " " + worker_.profile.version_text;
}

bool Explainer::IsBackend(const Node& leaf) const {
  return leaf.left != kNoSlot && program_.slots[leaf.left].field->name == "ecp.attention_backend";
}

// The test that makes a node come out as `truth`. Of alternatives that all fail, one on a value
// says more than one on which backend is asked for, and that more than whether a value is known.
const Node* Explainer::FindLeaf(const Node& node, Truth truth) const {
  if (node.op != Op::kAll && node.op != Op::kAny && node.op != Op::kNot) return &node;
  const Truth inner = node.op != Op::kNot        ? truth
                      : truth == Truth::kUnknown ? Truth::kUnknown
                      : truth == Truth::kFalse   ? Truth::kTrue
                                                 : Truth::kFalse;
  const Node* best = nullptr;
  int best_rank = 0;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Node& child = program_.nodes[node.first + i];
    if (evaluator_.Evaluate(child).truth != inner) continue;
    const Node* leaf = FindLeaf(child, inner);
    const bool setting = node.op == Op::kAny && IsBackend(*leaf);
    const int rank = leaf->op == Op::kKnown ? 1 : setting ? 2 : 3;
    if (rank > best_rank) best = leaf;
    best_rank = std::max(rank, best_rank);
    if (best_rank == 3) break;
  }
  return best == nullptr ? &node : best;
}

const Node* Explainer::FindDegraded(const Node& node) const {
  const Judgement judgement = evaluator_.Evaluate(node);
  if (judgement.truth != Truth::kTrue || judgement.level == Level::kNative) return nullptr;
  if (node.op != Op::kAll && node.op != Op::kAny) return &node;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    if (const Node* leaf = FindDegraded(program_.nodes[node.first + i])) return leaf;
  }
  return nullptr;
}

Detail Explainer::ExplainFailure(std::uint32_t index) const {
  Detail detail;
  const Node& leaf = *FindLeaf(program_.nodes[index], Truth::kFalse);
  switch (leaf.op) {
    case Op::kKinds:
      ExplainKinds(leaf, detail);
      break;
    case Op::kOrder:
      ExplainOrder(leaf, program_.nodes[index], detail);
      break;
    case Op::kText:
    case Op::kVersion:
      ExplainScalar(leaf, detail);
      break;
    case Op::kFloor:
      ExplainFloor(detail);
      break;
    case Op::kImages:
      ExplainImages(detail);
      break;
    case Op::kPaths:
      ExplainPaths(detail);
      break;
    case Op::kKnown:
    case Op::kAll:
    case Op::kAny:
    case Op::kNot:
      break;
  }
  detail.test = &leaf;
  return detail;
}

Detail Explainer::ExplainDegraded(std::uint32_t index) const {
  Detail detail;
  const Node* leaf = FindDegraded(program_.nodes[index]);
  if (leaf == nullptr) return detail;
  if (leaf->op == Op::kKinds) {
    DegradedKinds(*leaf, detail);
  } else if (leaf->op == Op::kPaths) {
    DegradedPaths(detail);
  } else if (leaf->op == Op::kFloor) {
    detail.required = ToString(worker_.profile.compute);
    if (const Entry* entry = FindEntry(worker_.profile.engine->floor, worker_.profile)) {
      detail.because = entry->because;
      detail.source = SourceOf(entry->origin, entry->source);
    }
  } else if (leaf->op == Op::kImages) {
    detail.required = ToString(worker_.profile.compute);
    detail.because = "build " + std::string(worker_.profile.build->name) + " of " + Release() +
                     " has no machine code for it, its PTX is compiled at first load";
    detail.source = SourceOf(worker_.profile.build->origin, worker_.profile.build->source);
  }
  return detail;
}

void Explainer::CollectSlots(const Node& node, std::vector<std::uint32_t>& slots) const {
  const auto add = [&](std::uint32_t slot) {
    if (slot != kNoSlot && std::find(slots.begin(), slots.end(), slot) == slots.end()) {
      slots.push_back(slot);
    }
  };
  if (node.op == Op::kAll || node.op == Op::kAny || node.op == Op::kNot) {
    for (std::uint32_t i = 0; i < node.count; ++i) {
      CollectSlots(program_.nodes[node.first + i], slots);
    }
    return;
  }
  if (node.subject == Clause::Subject::kLeastOf) {
    for (std::uint32_t i = 0; i < node.count; ++i) add(program_.slot_lists[node.first + i]);
  } else {
    add(node.left);
  }
  add(node.right);
  for (std::uint32_t i = 0; i < node.factors; ++i) add(program_.slot_lists[node.product + i]);
}

std::string Explainer::ExplainUnknown(std::uint32_t index) const {
  const Node& leaf = *FindLeaf(program_.nodes[index], Truth::kUnknown);
  if (leaf.op == Op::kFloor || leaf.op == Op::kImages || leaf.op == Op::kPaths) {
    if (worker_.profile.engine == nullptr) {
      return "the profile names no engine release and compute capability that the tables know";
    }
    if (leaf.op == Op::kFloor) return "the tables state no floor of " + Release();
    if (leaf.op == Op::kImages) {
      return worker_.profile.build == nullptr
                 ? "the build is not known" + After("; ", BuildsThatRun())
                 : "the images of the build are not known";
    }
    for (const bool forced : {false, true}) {
      for (const BoundPathGroup& group : worker_.paths) {
        for (const BoundPath& path : group.paths) {
          if (evaluator_.Evaluate(path.node).truth == Truth::kUnknown &&
              OnlyWhenForced(path) == forced) {
            return std::string(path.path->id) + ": " + ExplainUnknown(path.node);
          }
        }
      }
    }
    return "no kernel path is known to take the model";
  }
  std::vector<std::uint32_t> slots;
  CollectSlots(leaf, slots);
  std::string text;
  text.reserve(64);  // names of one or two fields
  for (const std::uint32_t index_of_slot : slots) {
    const Slot& slot = program_.slots[index_of_slot];
    if (evaluator_.Known(slot)) continue;
    if (const OpenRow* open = OpenFor(slot)) {
      return "the tables list no such " + std::string(program_.symbols[slot.symbols].dimension) +
             " for " + Release() + ", and the list is open: " + std::string(open->because);
    }
    if (slot.field->name == kMinDriverField && worker_.profile.engine != nullptr) {
      return worker_.profile.build == nullptr
                 ? "the build is not known" + After("; ", BuildsThatRun())
                 : "no driver floor of the build is known";
    }
    text.append(text.empty() ? "" : " and ").append(slot.field->name);
  }
  const bool one = text.find(" and ") == std::string::npos;
  return text.append(one ? " is not known" : " are not known");
}

// `ecp.fallback_D`, where the engine's list of D is open.
const OpenRow* Explainer::OpenFor(const Slot& slot) const {
  constexpr std::string_view kFallback = "ecp.fallback_";
  if (worker_.profile.engine == nullptr || !slot.field->name.starts_with(kFallback)) return nullptr;
  const Dimension* dimension =
      FindDimension(*worker_.profile.engine, slot.field->name.substr(kFallback.size()));
  return dimension == nullptr ? nullptr : OpenAt(*dimension, worker_.profile);
}

std::string Explainer::BuildsThatRun() const {
  std::string names;
  for (const Build* build : BuildsOf(worker_.profile)) {
    if (BestFit(*build, worker_.profile.compute) == ImageFit::kNone) continue;
    names += (names.empty() ? "" : ", ") + std::string(build->name);
  }
  if (BuildsOf(worker_.profile).empty()) return "";
  return names.empty() ? "none of the tables' builds would run here" : "would run here: " + names;
}

std::string Explainer::Values(std::uint32_t index) const {
  std::vector<std::uint32_t> slots;
  CollectSlots(program_.nodes[index], slots);
  std::string text;
  for (const std::uint32_t slot : slots) {
    const Value value = ValueOf(program_.slots[slot]);
    text += (text.empty() ? "" : "; ") + std::string(program_.slots[slot].field->name) + " = " +
            (IsKnown(value) ? ToString(value) : "not known");
  }
  return text;
}

std::string Explainer::Fill(std::string_view pattern, const Detail& detail) const {
  std::string text;
  text.reserve(2 * pattern.size());
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    pattern.remove_prefix(open + 1);
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) break;
    const std::string_view word = pattern.substr(0, close);
    pattern.remove_prefix(close + 1);
    if (word == "required") {
      text += Shown(detail.required, detail.bytes);
    } else if (word == "supported") {
      text += Sample(detail.supported);
    } else if (word == "limit") {
      text += detail.limit.empty() ? JoinTexts(detail.supported) : detail.limit;
    } else if (word == "because") {
      text += detail.because.empty() ? LeafSentence(*detail.test) : detail.because;
    } else if (const Slot* slot = program_.FindSlot(word)) {
      const Value value = ValueOf(*slot);
      text += IsKnown(value) ? Shown(value, slot->field->type == FieldType::kBytes) : "(not known)";
    }
  }
  return text;
}

}  // namespace cmatch::internal
