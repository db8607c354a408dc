// The sides, the row and the hint of single tests (see detail.h).

#include <algorithm>
#include <span>

#include "cmatch/kinds.h"
#include "compile.h"
#include "detail.h"
#include "release_spans.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kSupports = "ecp.supports_";
constexpr std::int64_t kMostParallel = 64;  // sizes worth naming in a hint

void AddHint(std::string& hint, std::string_view more) {
  if (more.empty()) return;
  if (!hint.empty()) hint += "; ";
  hint += more;
}

// Of a kind, a list of them, or a text.
std::span<const std::string> TextsIn(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {text, 1};
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return *texts;
  return {};
}

std::vector<std::string> TakeTexts(Value value) {
  if (auto* texts = std::get_if<std::vector<std::string>>(&value)) return std::move(*texts);
  const auto texts = TextsIn(value);
  return {texts.begin(), texts.end()};
}

// "q4_0", and where it could be taken for the model's: "a KV cache of type q4_0".
std::string Named(std::string_view dimension, const std::string& kind) {
  return (dimension == "kv_cache" ? "a KV cache of type " : "") + kind;
}

// The releases that run on the profile's capability by these rows, "<0.6.0, >=0.9.0"; empty where
// the profile's own is one of them.
std::string OtherReleases(const std::vector<Entry>& entries, EngineProfile profile) {
  const auto runs = [&](const Version& version) {
    profile.version = version;
    const Entry* entry = FindEntry(entries, profile);
    return entry != nullptr && entry->level != Level::kUnsupported;
  };
  if (runs(*profile.version)) return {};
  std::vector<std::string_view> ranges;
  for (const Entry& entry : entries) ranges.push_back(entry.versions.text);
  return RangesWhere(CutReleases(profile.engine->versioning, ranges), runs);
}

std::string_view Phrase(Relation relation) {
  switch (relation) {
    case Relation::kIn:
      return "one of";
    case Relation::kEqual:
      return "";
    case Relation::kLess:
      return "below";
    case Relation::kLessEqual:
      return "at most";
    case Relation::kGreater:
      return "above";
    case Relation::kGreaterEqual:
      return "at least";
    case Relation::kMultipleOf:
      return "a multiple of";
    case Relation::kKnown:
    case Relation::kRunsOn:
      return "";
  }
  return "";
}

}  // namespace

std::string_view Explainer::TableDimension(const Node& leaf) const {
  if (leaf.right == kNoSlot || worker_.profile.engine == nullptr) return {};
  const std::string_view field = program_.slots[leaf.right].field->name;
  if (!field.starts_with(kSupports)) return {};
  const std::string_view dimension = field.substr(kSupports.size());
  const bool stated =
      FindDimension(*worker_.profile.engine, dimension) != nullptr ||
      (dimension == "quant" && FindDimension(*worker_.profile.engine, "tensor_type"));
  return stated ? dimension : std::string_view();
}

// The right side of a kinds or text test, as it came.
std::vector<std::string> Explainer::Offered(const Node& leaf) const {
  if (leaf.right != kNoSlot) return TakeTexts(ValueOf(program_.slots[leaf.right]));
  return {leaf.clause->right.begin(), leaf.clause->right.end()};
}

// Whether the right side of a kinds test has the kind, as the check saw it.
bool Explainer::Offers(const Node& leaf, std::string_view kind) const {
  const Symbols& symbols = program_.symbols[program_.slots[leaf.left].symbols];
  const Slot* right = leaf.right == kNoSlot ? nullptr : &program_.slots[leaf.right];
  if (const std::uint32_t* id = FindKind(symbols, kind)) {
    const std::uint64_t* words = right == nullptr ? program_.masks.data() + leaf.literal
                                                  : evaluator_.RecordOf(*right).Data(*right);
    return (words[*id / 64] >> (*id % 64) & 1) != 0;
  }
  return right != nullptr &&
         std::ranges::any_of(evaluator_.RecordOf(*right).extras, [&](const ExtraKind& extra) {
           return extra.slot == right->index && extra.name == Canonical(&symbols, kind);
         });
}

void Explainer::ExplainKinds(const Node& leaf, Detail& detail) const {
  const Slot& left = program_.slots[leaf.left];
  const Symbols& symbols = program_.symbols[left.symbols];
  const std::string_view tables = TableDimension(leaf);
  // A list of which each must be supported names what is lacking; alternatives are named whole.
  const bool each = leaf.subject == Clause::Subject::kEachOf;
  Value value = ValueOf(left);
  std::vector<std::string> lacking;
  for (const std::string& kind : TextsIn(value)) {
    if (Offers(leaf, kind)) continue;
    if (each) lacking.push_back(kind);
    const std::string canonical = Canonical(&symbols, kind);
    AddHint(detail.hint, KindHint(symbols, tables, kind, canonical));
    if (!tables.empty()) AddSupport(tables, canonical, detail);
  }
  detail.required = each ? Value(std::move(lacking)) : std::move(value);
  detail.supported = Offered(leaf);
  detail.has_supported = true;
}

// The row that says that a kind is not supported: the first kind's that has one.
void Explainer::AddSupport(std::string_view tables, std::string_view kind, Detail& detail) const {
  const Support support = SupportOf(program_, worker_.profile, tables, kind);
  if (support.entry != nullptr && !support.entry->because.empty() && detail.because.empty()) {
    detail.because = support.entry->because;
    detail.table_reason = true;
  }
  if (detail.source) return;
  if (support.entry != nullptr) {
    detail.source = SourceOf(support.entry->origin, support.entry->source);
  } else if (support.row != nullptr) {
    detail.source = SourceOf(support.row->origin, support.dimension->source);
  } else if (support.dimension != nullptr) {
    detail.source = SourceOf(support.dimension->origin, support.dimension->source);
  }
}

std::string Explainer::KindHint(const Symbols& symbols, std::string_view tables,
                                const std::string& kind, const std::string& canonical) const {
  if (symbols.ids.contains(canonical)) {
    return tables.empty() ? std::string() : WhereItRuns(tables, canonical);
  }
  const std::string_view near = NearestKind(canonical, symbols.names);
  const bool cache = symbols.dimension == "kv_cache";
  std::string hint = "\"" + kind + "\" is not a " + (cache ? "type of KV cache" : "kind") +
                     " that the tables know";
  if (!near.empty()) hint += "; did you mean \"" + std::string(near) + "\"?";
  return hint;
}

// The capabilities on which this release runs the kind, neighbours that the tables know in one
// range.
std::vector<ComputeRange> Explainer::WhereSupported(std::string_view dimension,
                                                    const std::string& kind) const {
  std::vector<ComputeRange> ranges;
  bool joined = false;
  EngineProfile profile = worker_.profile;
  for (const ComputeCapability compute : program_.compute) {
    profile.compute = compute;
    const bool runs = SupportOf(program_, profile, dimension, kind).level != Level::kUnsupported;
    if (runs && joined) {
      ranges.back().high = compute;
    } else if (runs) {
      ranges.push_back({.low = compute, .high = compute});
    }
    joined = runs;
  }
  return ranges;
}

// Other capabilities in this release, else other releases on this capability.
std::string Explainer::WhereItRuns(std::string_view dimension, const std::string& kind) const {
  const Support support = SupportOf(program_, worker_.profile, dimension, kind);
  if (support.row == nullptr) return {};
  const std::string here = JoinRanges(WhereSupported(dimension, kind));
  const std::string releases = OtherReleases(support.row->entries, worker_.profile);
  std::string hint;
  const std::string named = Named(dimension, kind);
  if (!here.empty()) hint = Release() + " runs " + named + " on compute capability " + here;
  if (!releases.empty()) {
    AddHint(hint, std::string(worker_.profile.engine->name) + " " + releases + " runs " + named +
                      " on " + ToString(worker_.profile.compute));
  }
  return hint;
}

void Explainer::SetLimit(Relation relation, std::int64_t limit, Detail& detail) const {
  detail.limit = detail.bytes ? ByteText(limit) : std::to_string(limit);
  if (relation == Relation::kLess || relation == Relation::kLessEqual) detail.max = limit;
  if (relation == Relation::kGreater || relation == Relation::kGreaterEqual) detail.min = limit;
  if (relation == Relation::kMultipleOf) detail.multiple_of = limit;
}

const Slot* Explainer::SizeSlot(const Node& leaf) const {
  if (leaf.op != Op::kOrder || leaf.relation != Relation::kMultipleOf) return nullptr;
  const std::uint32_t slot = leaf.factors != 0 ? program_.slot_lists[leaf.product] : leaf.right;
  return slot == kNoSlot ? nullptr : &program_.slots[slot];
}

bool Explainer::Allows(const Node& node, const Slot& size, std::int64_t n) const {
  const auto allows = [&](const Node& child) { return Allows(child, size, n); };
  const std::span children(program_.nodes.data() + node.first, node.count);
  if (node.op == Op::kAll) return std::ranges::all_of(children, allows);
  if (node.op == Op::kAny) return std::ranges::any_of(children, allows);
  if (SizeSlot(node) != &size) return evaluator_.Evaluate(node).truth != Truth::kFalse;
  const auto product = evaluator_.ProductOf(node);
  const Value now = ValueOf(size);
  const auto* current = std::get_if<std::int64_t>(&now);
  const std::int64_t rest =
      node.factors != 0 && product && current != nullptr && *current > 0 ? *product / *current : 1;
  const Value left = ValueOf(program_.slots[node.left]);
  const auto divides = [&](std::int64_t value) {
    return rest > 0 && value % rest == 0 && value / rest % n == 0;
  };
  if (const auto* one = std::get_if<std::int64_t>(&left)) return divides(*one);
  const auto* list = std::get_if<std::vector<std::int64_t>>(&left);
  return list == nullptr || std::ranges::all_of(*list, divides);
}

void Explainer::ExplainOrder(const Node& leaf, const Node& root, Detail& detail) const {
  const auto least =
      leaf.subject == Clause::Subject::kLeastOf ? evaluator_.LeastOf(leaf) : std::nullopt;
  detail.required = least ? Value(*least) : ValueOf(program_.slots[leaf.left]);
  detail.bytes = program_.slots[leaf.left].field->type == FieldType::kBytes;
  if (leaf.factors != 0) {
    SetLimit(leaf.relation, evaluator_.ProductOf(leaf).value_or(0), detail);
  } else if (leaf.right != kNoSlot) {
    const Value right = ValueOf(program_.slots[leaf.right]);
    if (const auto* number = std::get_if<std::int64_t>(&right)) {
      SetLimit(leaf.relation, *number, detail);
    } else {
      detail.limit = ToString(right);
    }
  } else if (leaf.relation == Relation::kIn || leaf.relation == Relation::kEqual) {
    detail.supported = Offered(leaf);
    detail.has_supported = true;
  } else if (const auto number = ParseWord(FieldType::kInteger, leaf.clause->right[0])) {
    SetLimit(leaf.relation, *number, detail);
  } else {
    detail.limit = leaf.clause->right[0];
  }
  const Slot* size = SizeSlot(leaf);
  if (size == nullptr) return;
  std::string sizes;
  for (std::int64_t n = 1; n <= kMostParallel; ++n) {
    if (Allows(root, *size, n)) sizes += (sizes.empty() ? "" : ", ") + std::to_string(n);
  }
  if (!sizes.empty()) detail.hint = std::string(size->field->name.substr(4)) + " may be " + sizes;
}

void Explainer::ExplainScalar(const Node& leaf, Detail& detail) const {
  detail.required = ValueOf(program_.slots[leaf.left]);
  if (leaf.right == kNoSlot) {
    detail.supported = Offered(leaf);
    detail.has_supported = true;
    return;
  }
  detail.supported = {ToString(ValueOf(program_.slots[leaf.right]))};
  detail.has_supported = true;
  SetDriverSource(leaf, detail);
}

void Explainer::SetDriverSource(const Node& leaf, Detail& detail) const {
  if (leaf.right != program_.min_driver || worker_.profile.engine == nullptr) return;
  if (const DriverFloor* floor = MinDriver(worker_.profile)) {
    const Build& build = *worker_.profile.build;
    detail.source = SourceOf(floor->origin, floor->source.empty() ? build.source : floor->source);
  }
}

void Explainer::ExplainFloor(Detail& detail) const {
  const EngineProfile& profile = worker_.profile;
  detail.required = ToString(profile.compute);
  detail.has_supported = true;
  for (const Entry& entry : profile.engine->floor) {
    if (!Applies(entry, profile)) continue;
    if (!detail.source) detail.source = SourceOf(entry.origin, entry.source);
    if (entry.level == Level::kUnsupported) continue;
    for (const ComputeRange& range : entry.compute) detail.supported.push_back(ToString(range));
  }
  if (const Entry* entry = FindEntry(profile.engine->floor, profile)) {
    detail.because = entry->because;
    detail.table_reason = !detail.because.empty();
    detail.source = SourceOf(entry->origin, entry->source);
  }
  detail.hint = Release() + " runs on compute capability " + JoinTexts(detail.supported);
  const std::string releases = OtherReleases(profile.engine->floor, profile);
  if (!releases.empty()) {
    AddHint(detail.hint, "releases " + releases + " run on " + ToString(profile.compute));
  }
}

void Explainer::ExplainImages(Detail& detail) const {
  const Build& build = *worker_.profile.build;
  detail.required = ToString(worker_.profile.compute);
  detail.has_supported = true;
  for (const Image& image : build.images) detail.supported.push_back(ToString(image));
  detail.because = build.only_listed.empty()
                       ? "no kernel image is available for execution on the device"
                       : std::string(build.only_listed);
  detail.table_reason = true;
  detail.hint = BuildsThatRun();
  detail.source = SourceOf(build.origin, build.source);
}

std::string Explainer::PathReason(const BoundPath& path) const {
  const std::string id(path.path->id);
  const Truth truth = evaluator_.Evaluate(path.node).truth;
  if (truth == Truth::kTrue) return id + ": " + std::string(path.path->because);
  if (truth == Truth::kUnknown) return id + ": " + ExplainUnknown(path.node);
  return id + ": " + LeafSentence(*FindLeaf(program_.nodes[path.node], Truth::kFalse));
}

bool Explainer::OnlyWhenForced(const BoundPath& path) const {
  const Node& all = program_.nodes[path.node];
  for (std::uint32_t i = 0; i < all.count; ++i) {
    const Node& clause = program_.nodes[all.first + i];
    const bool test = clause.op != Op::kAll && clause.op != Op::kAny && clause.op != Op::kNot;
    if (test && clause.op != Op::kKnown && IsBackend(clause) &&
        evaluator_.Evaluate(clause).truth != Truth::kTrue) {
      return true;
    }
  }
  return false;
}

void Explainer::ExplainPaths(Detail& detail) const {
  for (const BoundPathGroup& group : worker_.paths) {
    const BoundPath* chosen = nullptr;
    if (evaluator_.EvaluateGroup(group, &chosen).truth != Truth::kFalse) continue;
    if (chosen != nullptr) {
      detail.because = PathReason(*chosen);
      detail.source = SourceOf(chosen->path->origin, chosen->path->source);
      return;
    }
    // Those that nobody asked for say nothing, unless there are no others.
    for (const BoundPath& path : group.paths) {
      if (!OnlyWhenForced(path)) AddHint(detail.because, PathReason(path));
    }
    if (detail.because.empty()) {
      for (const BoundPath& path : group.paths) AddHint(detail.because, PathReason(path));
    }
    if (group.paths.empty()) {
      const Value forced = MemberOf(worker_.ecp, "attention_backend");
      detail.because =
          IsKnown(forced) && ToString(forced) != "auto"
              ? ToString(forced) + " is not there on " + ToString(worker_.profile.compute)
              : "none is there on " + ToString(worker_.profile.compute);
    }
    const Path* path = group.paths.empty() ? nullptr : group.paths.front().path;
    detail.source =
        path == nullptr ? SourceOf(group.group->origin, "") : SourceOf(path->origin, path->source);
    return;
  }
}

void Explainer::DegradedKinds(const Node& leaf, Detail& detail) const {
  const Slot& left = program_.slots[leaf.left];
  const Symbols& symbols = program_.symbols[left.symbols];
  const Value value = ValueOf(left);
  const std::string_view tables = TableDimension(leaf);
  std::vector<std::string> degraded;
  for (const std::string& kind : TextsIn(value)) {
    const Support support = SupportOf(program_, worker_.profile, tables, Canonical(&symbols, kind));
    if (support.level != Level::kDegraded || support.entry == nullptr) continue;
    degraded.push_back(kind);
    AddHint(detail.because,
            Named(symbols.dimension, kind) + ": " + std::string(support.entry->because));
    if (!detail.source) detail.source = SourceOf(support.entry->origin, support.entry->source);
  }
  detail.required = left.field->type == FieldType::kKind && !degraded.empty() ? Value(degraded[0])
                                                                              : Value(degraded);
}

void Explainer::DegradedPaths(Detail& detail) const {
  for (const BoundPathGroup& group : worker_.paths) {
    const BoundPath* chosen = nullptr;
    const Judgement judgement = evaluator_.EvaluateGroup(group, &chosen);
    if (judgement.truth != Truth::kTrue || judgement.level == Level::kNative) continue;
    AddHint(detail.because,
            std::string(chosen->path->id) + ": " + std::string(chosen->path->because));
    if (!detail.source) detail.source = SourceOf(chosen->path->origin, chosen->path->source);
    detail.supported.emplace_back(chosen->path->id);
    detail.has_supported = true;
  }
}

// "mcd.head_dim is 80, not one of 64, 128"
std::string Explainer::LeafSentence(const Node& leaf) const {
  if (leaf.op == Op::kFloor || leaf.op == Op::kImages || leaf.op == Op::kPaths ||
      leaf.left == kNoSlot) {
    return {};
  }
  const std::string name(program_.slots[leaf.left].field->name);
  if (leaf.op == Op::kKnown) return name + (leaf.wanted ? " is not known" : " is known");
  const auto least =
      leaf.subject == Clause::Subject::kLeastOf ? evaluator_.LeastOf(leaf) : std::nullopt;
  const Value left = least ? Value(*least) : ValueOf(program_.slots[leaf.left]);
  std::string right;
  if (leaf.factors != 0) {
    right = std::to_string(evaluator_.ProductOf(leaf).value_or(0));
  } else if (leaf.right != kNoSlot) {
    right = ToString(ValueOf(program_.slots[leaf.right]));
  } else {
    right = JoinTexts(Offered(leaf));
  }
  if (program_.slots[leaf.left].field->type == FieldType::kBool)
    return name + " is " + ToString(left);
  const std::string_view phrase = Phrase(leaf.relation);
  const bool holds = evaluator_.Evaluate(leaf).truth == Truth::kTrue;
  return name + " is " + ToString(left) +
         (holds ? "" : ", not " + std::string(phrase) + (phrase.empty() ? "" : " ") + right);
}

}  // namespace cmatch::internal
