#include "engine/parallel.h"

#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace riffle {
namespace {

// Results that wait for their turn. Bounded: a worker that is far ahead of the sequencer waits.
class Handover {
 public:
  explicit Handover(std::size_t bound) : bound_(bound) {}

  // A worker's: puts a block's result, or the exception that reading or working threw.
  void put(std::uint64_t number, Work work, std::exception_ptr error) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || number < next_ + bound_; });
    if (stopped_) return;
    ready_.emplace(number, Result{std::move(work), std::move(error)});
    if (number == next_) arrived_.notify_one();
  }
  // No block has a number from here on.
  void end_at(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    end_ = number;
    arrived_.notify_one();
  }
  // The sequencer's: the next result; false at the end.
  bool take(Work& work) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return next_ == end_ || ready_.contains(next_); });
    if (next_ == end_) return false;
    auto node = ready_.extract(next_++);
    room_.notify_all();
    if (node.mapped().error) std::rethrow_exception(node.mapped().error);
    work = std::move(node.mapped().work);
    return true;
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    room_.notify_all();
  }

 private:
  struct Result {
    Work work;
    std::exception_ptr error;
  };
  std::mutex mutex_;
  std::condition_variable room_, arrived_;
  std::map<std::uint64_t, Result> ready_;
  std::uint64_t next_ = 0, end_ = UINT64_MAX;
  std::size_t bound_;
  bool stopped_ = false;
};

// The inputs, for threads that take turns.
class SharedInputs {
 public:
  explicit SharedInputs(Inputs& inputs) : inputs_(inputs) {}

  static constexpr std::uint64_t no_number = UINT64_MAX;

  // The next block and its format; null at the end. `number`: the block's, or the one that could not be read (the end, or an
  // error, which is thrown); no_number for those who come later.
  std::shared_ptr<Block> next(const Format*& format, std::uint64_t& number) {
    const std::lock_guard lock(mutex_);
    number = ended_ ? no_number : next_number_;
    if (ended_) return nullptr;
    ended_ = true;  // unless the block below says otherwise: nobody reads on after an error
    auto block = std::make_shared<Block>();
    if (!inputs_.next(*block)) return nullptr;
    ended_ = false;
    next_number_++;
    format = &inputs_.format_of(*block);
    return block;
  }

 private:
  std::mutex mutex_;
  Inputs& inputs_;
  std::uint64_t next_number_ = 0;
  bool ended_ = false;
};

void work_until_end(const Worker::Plan& plan, SharedInputs& inputs, Handover& handover) {
  Worker worker(plan);
  for (;;) {
    const Format* format = nullptr;
    std::uint64_t number = 0;
    try {
      const auto block = inputs.next(format, number);
      if (!block) {
        if (number != SharedInputs::no_number) handover.end_at(number);
        return;
      }
      handover.put(number, worker.work(block, *format), nullptr);
    } catch (...) {
      handover.put(number, {}, std::current_exception());
      return;
    }
  }
}

}  // namespace

void run_parallel(const Worker::Plan& plan, Inputs& inputs, Interrupt& interrupt, unsigned threads, Sequencer& sequencer) {
  Handover handover(2 * threads + 2);
  SharedInputs shared(inputs);
  std::vector<std::jthread> workers;
  const auto end = [&] {
    handover.stop();
    interrupt.raise();
    workers.clear();
  };
  try {
    for (unsigned i = 0; i < threads; i++)
      workers.emplace_back([&] { work_until_end(plan, shared, handover); });
    for (Work work; handover.take(work) && sequencer.accept(std::move(work));) work = {};
  } catch (...) {
    end();
    throw;
  }
  end();
}

}  // namespace riffle
