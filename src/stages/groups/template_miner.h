// TemplateMiner: the patterns of log messages, found as they come. He, Zhu, Zheng and Lyu, "Drain:
// An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017: messages are words; a tree of
// their number and the first one leads to the few templates that a message is compared with; it
// joins the most similar one, whose words that differ become wildcards, or begins another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_map.h"
#include "values/saved_state.h"

namespace riffle {

class TemplateMiner {
 public:
  static constexpr std::string_view wildcard = "<*>";

  struct Template {
    std::vector<std::string> words;
    std::string example;                   // the first message
    std::uint64_t count = 0, matched = 0;  // messages, and those of them for which `matches` held
  };

  // The number of the template that the message has joined: they are counted from 0, in the order
  // in which they began.
  std::size_t add(std::string_view message, bool matches);
  const std::vector<Template>& templates() const { return templates_; }
  std::size_t held() const { return held_; }

  void save(StateWriter& to) const;
  // REQUIRES: no message has been added.
  void load(StateReader& from);

 private:
  std::vector<std::uint32_t>& leaf_of(const std::vector<std::string_view>& words);
  std::string child_of(const std::string& node, std::string_view word);

  std::vector<Template> templates_;
  // By the node's path, its words with \x1f after each: how many children an inner node has, and
  // the templates of a leaf.
  TextMap<std::uint32_t> children_;
  TextMap<std::vector<std::uint32_t>> leaves_;
  std::size_t held_ = 0;
};

}  // namespace riffle
