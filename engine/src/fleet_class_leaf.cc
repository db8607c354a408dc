#include <algorithm>

#include "fleet_leaf.h"

namespace cmatch::internal {
namespace {

// Up to this many outcomes are kept; of more classes each outcome is judged when it is asked for.
constexpr std::size_t kMostOutcomes = std::size_t{1} << 26;

enum : std::uint8_t { kTruthBit = 1, kUnknownBit = 2, kWeakBit = 4 };

std::uint8_t BitsOf(const Judgement& judgement) {
  if (judgement.truth == Truth::kUnknown) return kUnknownBit;
  if (judgement.truth == Truth::kFalse) return 0;
  return judgement.level == Level::kNative ? kTruthBit : kTruthBit | kWeakBit;
}

class ClassLeaf final : public Leaf {
 public:
  ClassLeaf(const LeafSetting& setting, std::uint32_t node)
      : program_(*setting.program),
        node_(node),
        reads_(ReadsOf(program_, node)),
        any_row_(setting.any_row),
        any_column_(setting.any_column),
        class_of_column_(setting.columns),
        shards_(setting.shards) {
    const bool rows = reads_.Of(program_, setting.rows_are_workers);
    const bool columns = reads_.Of(program_, !setting.rows_are_workers);
    row_key_ = !rows ? KeyBy::kNothing : columns ? KeyBy::kReads : KeyBy::kJudgement;
    column_key_ = !columns ? KeyBy::kNothing : rows ? KeyBy::kReads : KeyBy::kJudgement;
    if (!reads_.paths) return;
    for (const auto& [path, accepts] : program_.path_nodes) AddTests(accepts);
  }

  std::uint32_t RowClass(const Entity& row) override {
    const std::uint32_t number = row_classes_.Number(*this, row_key_, row, any_column_);
    if (number < row_samples_.size()) return number;
    row_samples_.push_back(row);
    for (std::size_t column = 0; column < outcomes_.size(); ++column) {
      outcomes_[column].push_back(Judge(row, column_samples_[column]));
    }
    DropWhereMany();
    return number;
  }

  void PutColumn(std::size_t column, const Entity& entity) override {
    const std::uint32_t number = column_classes_.Number(*this, column_key_, entity, any_row_);
    class_of_column_[column] = number;
    if (number < column_samples_.size()) return;
    column_samples_.push_back(entity);
    if (!kept_) return;
    std::vector<std::uint8_t>& outcomes = outcomes_.emplace_back();
    for (const Entity& row : row_samples_) outcomes.push_back(Judge(row, entity));
    DropWhereMany();
  }

  void IndexShard(const ShardColumns& shard) override {
    Shard& own = shards_[shard.index];
    own.classes.clear();
    std::vector<std::uint32_t> classes;
    for (std::size_t i = 0; i < shard.columns.size(); ++i) {
      if (shard.Own(i)) classes.push_back(class_of_column_[shard.first + i]);
    }
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    own.members.assign(classes.size() * shard.words, 0);
    own.classes = std::move(classes);
    for (std::size_t i = 0; i < shard.columns.size(); ++i) {
      if (!shard.Own(i)) continue;
      const auto at = std::lower_bound(own.classes.begin(), own.classes.end(),
                                       class_of_column_[shard.first + i]);
      const auto row = static_cast<std::size_t>(at - own.classes.begin());
      SetBit(own.members.data() + row * shard.words, i);
    }
  }

  LeafRow Row(const ShardColumns& shard, std::uint32_t row_class,
              RowBuffer& buffer) const override {
    const Shard& own = shards_[shard.index];
    Gathered truth{buffer.truth};
    Gathered unknown{buffer.unknown};
    Gathered weak{buffer.weak};
    for (std::size_t i = 0; i < own.classes.size(); ++i) {
      const std::uint8_t bits = Outcome(row_class, own.classes[i]);
      const std::uint64_t* members = own.members.data() + i * shard.words;
      if (bits & kTruthBit) truth.Add(members, shard.words);
      if (bits & kUnknownBit) unknown.Add(members, shard.words);
      if (bits & kWeakBit) weak.Add(members, shard.words);
    }
    return {truth.row, unknown.row, weak.row};
  }

 private:
  enum class KeyBy : std::uint8_t { kNothing, kReads, kJudgement };
  struct Shard {
    std::vector<std::uint32_t> classes;  // of its columns, ascending
    std::vector<std::uint64_t> members;  // a row each
  };
  // The union of rows: none, one as it stands, or several in the buffer.
  struct Gathered {
    std::uint64_t* buffer;
    const std::uint64_t* row = nullptr;

    void Add(const std::uint64_t* members, std::size_t words) {
      if (row == nullptr) {
        row = members;
        return;
      }
      for (std::size_t w = 0; w < words; ++w) buffer[w] = row[w] | members[w];
      row = buffer;
    }
  };

  // The classes of one side. Paths read much of a model and ask little of it: what reads alike is
  // numbered first, and of each such one the answers to the paths' tests are taken.
  struct Classes {
    KeyTable reads, numbers;
    std::vector<std::uint32_t> number_of;  // of each of `reads`
    Key key;

    std::uint32_t Number(const ClassLeaf& leaf, KeyBy by, const Entity& entity,
                         const std::optional<Entity>& other) {
      key.clear();
      if (by == KeyBy::kReads) AppendReads(leaf.program_, leaf.reads_, entity, key);
      if (by == KeyBy::kJudgement && other) {
        key.push_back(BitsOf(EvaluatePair(leaf.program_, leaf.node_, entity, *other)));
      }
      if (leaf.tests_.empty() || !other) return numbers.Number(key);
      const std::uint32_t read = reads.Number(key);
      if (read == number_of.size()) {
        key.clear();
        leaf.AppendTests(entity, *other, key);
        number_of.push_back(numbers.Number(key));
      }
      return number_of[read];
    }
  };

  struct PathTest {
    std::uint32_t node;
    Reads reads;
    bool of_models, of_workers;
  };

  void AddTests(std::uint32_t node) {
    const Node& clause = program_.nodes[node];
    const bool group = clause.op == Op::kAll || clause.op == Op::kAny;
    for (std::uint32_t i = 0; group && i < clause.count; ++i) AddTests(clause.first + i);
    if (clause.op == Op::kNot) AddTests(clause.first);
    if (group || clause.op == Op::kNot) return;
    Reads reads = ReadsOf(program_, node);
    const bool of_models = reads.Of(program_, false);
    const bool of_workers = reads.Of(program_, true);
    tests_.push_back({node, std::move(reads), of_models, of_workers});
  }

  void AppendTests(const Entity& entity, const Entity& other, Key& key) const {
    for (const PathTest& test : tests_) {
      const bool own = entity.IsWorker() ? test.of_workers : test.of_models;
      const bool others = entity.IsWorker() ? test.of_models : test.of_workers;
      if (own && others) AppendReads(program_, test.reads, entity, key);
      if (own && !others) key.push_back(BitsOf(EvaluatePair(program_, test.node, entity, other)));
    }
    Reads paths;
    paths.paths = true;
    AppendReads(program_, paths, entity, key);
  }

  std::uint8_t Judge(const Entity& row, const Entity& column) const {
    return BitsOf(EvaluatePair(program_, node_, row, column));
  }

  std::uint8_t Outcome(std::uint32_t row, std::uint32_t column) const {
    return kept_ ? outcomes_[column][row] : Judge(row_samples_[row], column_samples_[column]);
  }

  void DropWhereMany() {
    if (!kept_ || row_samples_.size() * column_samples_.size() <= kMostOutcomes) return;
    kept_ = false;
    outcomes_.clear();
    outcomes_.shrink_to_fit();
  }

  const Program& program_;
  std::uint32_t node_;
  Reads reads_;
  std::optional<Entity> any_row_, any_column_;
  KeyBy row_key_, column_key_;
  std::vector<PathTest> tests_;  // of kernel paths
  Classes row_classes_, column_classes_;
  std::vector<Entity> row_samples_, column_samples_;  // one of each class
  std::vector<std::vector<std::uint8_t>> outcomes_;   // [column class][row class]
  bool kept_ = true;                                  // outcomes_ has them all
  std::vector<std::uint32_t> class_of_column_;
  std::vector<Shard> shards_;
};

}  // namespace

std::unique_ptr<Leaf> MakeClassLeaf(const LeafSetting& setting, std::uint32_t node) {
  return std::make_unique<ClassLeaf>(setting, node);
}

}  // namespace cmatch::internal
