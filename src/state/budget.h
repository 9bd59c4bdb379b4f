// Budget: what the stages of a run may hold in memory together (--memory). Each stage that gathers
// says what it holds; where all of them hold too much, the one that holds most puts its part on
// disk. What cannot be put there ends the run by the stage's name: nothing is dropped to fit. One
// thread at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <vector>

namespace riffle {

class Holding;

class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  std::size_t limit() const { return limit_; }

 private:
  friend class Holding;
  void make_room();

  std::size_t limit_, held_ = 0;
  std::list<Holding*> holdings_;
};

// Who holds something: where it counts, and a name for messages. The budget outlives whatever has
// this.
struct Holder {
  Budget& budget;
  std::string name;
};

// What one stage holds.
class Holding {
 public:
  // Puts what is held on disk, and says with set() what is left.
  using Spill = std::function<void()>;

  // Without `spill` it stays in memory.
  explicit Holding(Holder holder, Spill spill = nullptr);
  ~Holding();
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

  // This many bytes are held now. Any holder of the budget may be asked to spill, this one too.
  // Throws Error where that does not help.
  void set(std::size_t bytes);
  std::size_t limit() const { return holder_.budget.limit(); }
  // What is held is on its way out: it can no longer be put on disk.
  void disable_spilling() { spill_ = nullptr; }

 private:
  friend class Budget;

  Holder holder_;
  Spill spill_;
  std::size_t bytes_ = 0;
  std::list<Holding*>::iterator place_;
};

}  // namespace riffle
