#include "engine/parallel.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace riffle {
namespace {

// Tells the processor that this thread only waits.
inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Results on their way to the sequencer. Whoever brings the one whose turn it is runs the
// sequencer, for that one and for what has come in the meantime: no thread is there only to be
// woken for each block.
class Handover {
 public:
  // A worker that is `bound` blocks ahead of the sequencer waits.
  Handover(Sequencer& sequencer, Interrupt& interrupt, std::size_t bound)
      : sequencer_(sequencer), interrupt_(interrupt), bound_(bound) {}

  // A worker's: puts a block's result, or the exception that reading or working threw. False: no
  // more is wanted.
  bool put(std::uint64_t number, Work work, std::exception_ptr error) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || number < next_ + bound_; });
    if (stopped_) return false;
    ready_.emplace(number, Result{std::move(work), std::move(error)});
    if (!busy_) hand_over(lock);
    return !stopped_;
  }
  // A worker's: hands over a piece of a block's result, which others follow, when it is its turn.
  // False: no more is wanted.
  bool put_piece(std::uint64_t number, Work work) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || (number == next_ && !busy_); });
    if (stopped_) return false;
    busy_ = true;
    lock.unlock();
    Result result{std::move(work), nullptr};
    const bool more = accept(result);
    lock.lock();
    busy_ = false;
    if (!more && !stopped_) stop_all(result.error);
    return !stopped_;
  }
  // The run ends here, with the exception that a thread threw.
  void stop(const std::exception_ptr& error) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) stop_all(error);
  }
  // Throws what a thread threw. For when all threads have ended.
  void check() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Result {
    Work work;
    std::exception_ptr error;
  };

  void hand_over(std::unique_lock<std::mutex>& lock) {
    busy_ = true;
    for (auto turn = ready_.begin(); !stopped_ && turn != ready_.end() && turn->first == next_;
         turn = ready_.begin()) {
      Result result = std::move(turn->second);
      ready_.erase(turn);
      lock.unlock();
      const bool more = accept(result);
      lock.lock();
      next_++;
      room_.notify_all();
      if (!more && !stopped_) stop_all(result.error);
    }
    busy_ = false;
    room_.notify_all();  // one of them may have a piece whose turn it is
  }

  // False: that was all, or `result` has the exception that ended it.
  bool accept(Result& result) {
    if (result.error) return false;
    try {
      return sequencer_.accept(std::move(result.work));
    } catch (...) {
      result.error = std::current_exception();
      return false;
    }
  }

  void stop_all(const std::exception_ptr& error) {
    stopped_ = true;
    error_ = error;
    room_.notify_all();
    interrupt_.raise();
  }

  Sequencer& sequencer_;
  Interrupt& interrupt_;
  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::map<std::uint64_t, Result> ready_;
  std::uint64_t next_ = 0;
  bool busy_ = false;  // some thread runs the sequencer
  bool stopped_ = false;
  std::exception_ptr error_;
};

// The inputs, for threads that take turns. Whoever reads goes on reading as long as others wait for
// blocks: where reading is the slow part (gzip), it is not held up until a thread has woken.
class SharedInputs {
 public:
  explicit SharedInputs(Inputs& inputs) : inputs_(inputs) {}

  // The next block and its format; null at the end. `number`: the block's, or the one that could
  // not be read.
  std::shared_ptr<Block> next(const Format*& format, std::uint64_t& number) {
    wait_a_little();
    std::unique_lock lock(mutex_);
    waiting_++;
    changed_.wait(lock, [&] { return !ready_.empty() || ended_ || !reading_; });
    waiting_--;
    if (!ready_.empty()) {
      const Taken taken = std::move(ready_.front());
      ready_.pop_front();
      format = taken.format;
      number = taken.block->number;
      return taken.block;
    }
    if (ended_) return nullptr;
    reading_ = true;
    try {
      Taken taken = read_for_others(number, lock);
      stop_reading(!taken.block);
      format = taken.format;
      return std::move(taken.block);
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      stop_reading(true);  // nobody reads on after an error
      throw;
    }
  }

 private:
  // Reading a block from the page cache takes less time than putting a thread to sleep and waking
  // it.
  void wait_a_little() const {
    constexpr int times = 400;
    for (int i = 0; i < times && reading_.load(std::memory_order_relaxed); i++) pause();
  }

  struct Taken {
    std::shared_ptr<Block> block;
    const Format* format = nullptr;
  };

  // As many blocks as others wait for, and one more, which is returned.
  Taken read_for_others(std::uint64_t& number, std::unique_lock<std::mutex>& lock) {
    for (;;) {
      number = next_number_++;
      Taken taken = read(lock);
      if (!taken.block || ready_.size() >= waiting_) return taken;
      ready_.push_back(std::move(taken));
      changed_.notify_one();
    }
  }

  // No block: the inputs have ended. The lock is not held where this throws.
  Taken read(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    Taken taken{std::make_shared<Block>()};
    if (inputs_.next(*taken.block))
      taken.format = &inputs_.format_of(*taken.block);
    else
      taken.block = nullptr;
    lock.lock();
    return taken;
  }

  void stop_reading(bool ended) {
    reading_ = false;
    ended_ = ended;
    changed_.notify_all();
  }

  Inputs& inputs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Taken> ready_;  // for as many of those who wait
  std::size_t waiting_ = 0;
  std::uint64_t next_number_ = 0;
  std::atomic<bool> reading_ = false;  // some thread does
  bool ended_ = false;
};

// The next block, from its reading on. False: that was the last one.
bool work_on_next(Worker& worker, SharedInputs& inputs, Handover& handover) {
  const Format* format = nullptr;
  std::uint64_t number = 0;
  try {
    const auto block = inputs.next(format, number);
    if (!block) return false;
    std::optional<Work> work = worker.work(
        block, *format, [&](Work piece) { return handover.put_piece(number, std::move(piece)); });
    return work && handover.put(number, *std::move(work), nullptr);
  } catch (...) {
    return handover.put(number, {}, std::current_exception());
  }
}

void work_until_end(Worker& worker, SharedInputs& inputs, Handover& handover) {
  try {
    while (work_on_next(worker, inputs, handover)) {
    }
  } catch (...) {  // no memory to hand an exception over in its turn
    handover.stop(std::current_exception());
  }
}

// As many of them as the system lets us start. The results are the same.
void start_threads(std::vector<std::jthread>& others, unsigned count,
                   const std::function<void(unsigned)>& work) {
  others.reserve(count);
  try {
    for (unsigned i = 0; i < count; i++) others.emplace_back([&work, i] { work(i); });
  } catch (const std::system_error&) {
  }
}

}  // namespace

void run_parallel(const Worker::Context& context, Inputs& inputs, Interrupt& interrupt,
                  unsigned threads, Sequencer& sequencer) {
  SharedInputs shared(inputs);
  Handover handover(sequencer, interrupt, 2 * threads + 2);
  std::deque<Worker> workers;
  for (unsigned i = 0; i < threads; i++) workers.emplace_back(context);
  const std::function<void(unsigned)> work = [&](unsigned i) {
    work_until_end(workers[i], shared, handover);
  };
  {
    std::vector<std::jthread> others;
    try {
      start_threads(others, threads - 1, work);
      work(threads - 1);
    } catch (...) {
      handover.stop(std::current_exception());
    }
  }
  handover.check();
}

}  // namespace riffle
