#include "state/state_file.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "folder.h"
#include "values/error.h"

namespace riffle {
namespace {

TEST_CASE("a state file has the parts of its last generation") {
  const Folder folder;
  const std::string path = folder / "s";
  {
    StateFile file(path);
    CHECK(file.generation() == 0);
    CHECK(file.part("run").empty());
    file.commit({{"run", "one"}, {"stages", ""}});
  }
  {
    StateFile file(path);
    CHECK(file.generation() == 1);
    CHECK(file.part("run") == "one");
    file.commit({{"run", "two"}, {"stages", std::string(3 << 20, 'x')}});
    file.commit({{"run", "three"}});
    CHECK(file.generation() == 3);
  }
  const StateFile file(path);
  CHECK(file.generation() == 3);
  CHECK(file.part("run") == "three");
  CHECK(file.part("stages").empty());
}

TEST_CASE("a part may be longer than a value of the database") {
  const Folder folder;
  const std::string path = folder / "s";
  std::string long_part((std::size_t{64} << 20) + 5, 'x');
  long_part.back() = 'y';
  { StateFile(path).commit({{"stages", long_part}}); }
  CHECK(StateFile(path).part("stages") == long_part);
}

TEST_CASE("a state file is locked") {
  const Folder folder;
  const std::string path = folder / "s";
  StateFile file(path);
  const pid_t child = fork();
  if (child == 0) {
    try {
      const StateFile other(path);
      _exit(0);
    } catch (const Error& error) {
      const std::string owner = "process " + std::to_string(getppid());
      _exit(std::string(error.what()).find(owner) == std::string::npos ? 1 : 7);
    }
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("a state file that is cut off or changed is refused, or is what it was") {
  const Folder folder;
  const std::string path = folder / "s", damaged = folder / "damaged";
  std::string content(20000, ' ');
  std::mt19937 random(1);
  for (char& c : content) c = static_cast<char>(random());
  { StateFile(path).commit({{"run", "what the run was"}, {"stages", content}}); }
  const std::string whole = content_of(path);
  REQUIRE(whole.size() > content.size());
  const auto is_right_or_refused = [&](const std::string& bytes) {
    put(damaged, bytes);
    try {
      const StateFile file(damaged);
      return file.part("run") == "what the run was" && file.part("stages") == content;
    } catch (const Error& error) {
      return error.status() == ExitStatus::failed;
    }
  };
  for (std::size_t size = 1; size < whole.size(); size += 97)
    CHECK(is_right_or_refused(whole.substr(0, size)));
  for (int i = 0; i < 300; i++) {
    std::string flipped = whole;
    flipped[random() % flipped.size()] ^= static_cast<char>(1 << random() % 8);
    CHECK(is_right_or_refused(flipped));
  }
}

}  // namespace
}  // namespace riffle
