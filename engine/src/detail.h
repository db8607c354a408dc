#ifndef CMATCH_ENGINE_DETAIL_H_
#define CMATCH_ENGINE_DETAIL_H_

// Why a rule came out as it did: the test that decided, both of its sides, the table row behind it,
// and what would help. Used only when a report is built.

#include <string>
#include <vector>

#include "cmatch/report.h"
#include "judge.h"

namespace cmatch::internal {

struct Detail {
  Value required;
  std::vector<std::string> supported;
  bool has_supported = false;
  std::optional<std::int64_t> max, min, multiple_of;
  bool bytes = false;         // the numbers are bytes
  std::string limit;          // the other side as text, for messages; empty: `supported`
  std::string because;        // the row's reason; empty: the sentence of the test that decided
  bool table_reason = false;  // `because` is a table row's and worth appending to a message
  std::string hint;
  std::optional<Source> source;
  const Node* test = nullptr;  // that decided
};

class Explainer {
 public:
  Explainer(const RuleSet& rules, const BoundModel& model, const BoundWorker& worker,
            const Evaluator& evaluator)
      : rules_(rules),
        program_(rules.program()),
        model_(model),
        worker_(worker),
        evaluator_(evaluator) {}

  // Of a node that is false.
  Detail ExplainFailure(std::uint32_t index) const;
  // Of a node that is true at a lower level.
  Detail ExplainDegraded(std::uint32_t index) const;
  // Of a node that is unknown: "mcd.head_dim is not known".
  std::string ExplainUnknown(std::uint32_t index) const;
  // "mcd.positional = rope_llama; ecp.supports_positional = rope_llama, alibi"
  std::string Values(std::uint32_t index) const;

  // Replaces {field} and the words of `detail` in a rule's message or hint.
  std::string Fill(std::string_view pattern, const Detail& detail) const;

  Value ValueOf(const Slot& slot) const;

 private:
  const Node* FindLeaf(const Node& node, Truth truth) const;
  const Node* FindDegraded(const Node& node) const;
  void CollectSlots(const Node& node, std::vector<std::uint32_t>& slots) const;

  void ExplainKinds(const Node& leaf, Detail& detail) const;
  // `root` is the whole check that `leaf` is in.
  void ExplainOrder(const Node& leaf, const Node& root, Detail& detail) const;
  void ExplainScalar(const Node& leaf, Detail& detail) const;
  void ExplainFloor(Detail& detail) const;
  void ExplainImages(Detail& detail) const;
  void ExplainPaths(Detail& detail) const;
  void DegradedKinds(const Node& leaf, Detail& detail) const;
  void DegradedPaths(Detail& detail) const;

  void SetLimit(Relation relation, std::int64_t limit, Detail& detail) const;
  void SetDriverSource(const Node& leaf, Detail& detail) const;
  const OpenRow* OpenFor(const Slot& slot) const;
  // Dimension of an ecp.supports_* slot that the worker's tables state; empty otherwise.
  std::string_view TableDimension(const Node& leaf) const;
  std::vector<std::string> Offered(const Node& leaf) const;
  bool Offers(const Node& leaf, std::string_view kind) const;
  void AddSupport(std::string_view tables, std::string_view kind, Detail& detail) const;
  std::string KindHint(const Symbols& symbols, std::string_view tables, const std::string& kind,
                       const std::string& canonical) const;
  // The field whose multiple a `multiple_of` wants, the first of a product; nullptr for other
  // tests.
  const Slot* SizeSlot(const Node& leaf) const;
  // Whether `node` would not be false with `n` in that field.
  bool Allows(const Node& node, const Slot& size, std::int64_t n) const;
  std::vector<ComputeRange> WhereSupported(std::string_view dimension,
                                           const std::string& kind) const;
  std::string WhereItRuns(std::string_view dimension, const std::string& kind) const;
  std::string BuildsThatRun() const;
  bool IsBackend(const Node& leaf) const;
  // True where the path counts only when it is asked for by name, and it is not.
  bool OnlyWhenForced(const BoundPath& path) const;
  std::string PathReason(const BoundPath& path) const;
  std::string LeafSentence(const Node& leaf) const;
  std::string Release() const;
  Source SourceOf(Origin origin, std::string_view text) const;

  const RuleSet& rules_;
  const Program& program_;
  const BoundModel& model_;
  const BoundWorker& worker_;
  const Evaluator& evaluator_;
};

std::string JoinTexts(const std::vector<std::string>& texts);
// For people: "69.8 GiB", "512.0 MiB", "17 bytes".
std::string ByteText(std::int64_t bytes);
std::string JoinRanges(const std::vector<ComputeRange>& ranges);

}  // namespace cmatch::internal

#endif  // CMATCH_ENGINE_DETAIL_H_
