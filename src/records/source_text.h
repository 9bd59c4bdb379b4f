// SourceText and SourceDialect: the bytes of a batch's rows as they were read, and how they are
// written.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "records/block.h"
#include "records/column.h"

namespace riffle {

// How the records of an input are written: what all rows of a batch have in common.
struct SourceDialect {
  // A format's name and its delimiter: a writer of the same dialect copies the text of a row.
  std::string_view format;
  char delimiter = 0;
  // Of a format with a header: the names of the members.
  std::shared_ptr<const Header> header;
  // Of a format without a header: appends a row's members. Null: it is JSON.
  void (*members)(std::string_view text, Memory& memory, std::vector<Member>& members) = nullptr;

  // Headers are equal when their names are.
  bool operator==(const SourceDialect& other) const;
};

// Of an open shape: what the rows' fields were read from. Lives in a Block or a Memory.
struct SourceText {
  // Each row's bytes as they came, line end included; an input's last line of CSV gets one if it
  // has none. Null: gone, or never there.
  const std::string_view* text = nullptr;
  // Of a dialect with a header: member i is in header_columns[i]. Empty when neither a stage nor
  // the writer needs members one by one.
  std::vector<Column> header_columns;

  SourceText at(Row row) const;
  SourceText picked(std::span<const Row> rows, Memory& memory) const;
  // As picked(), with the bytes and all that the values point to in `memory`.
  SourceText copied(std::span<const Row> rows, Memory& memory) const;
};

// A column of a batch whose rows were copied, `from.copied(rows, memory)` being `to`. A value
// inside its record's bytes stays inside the copy's: a writer splices by position.
Column copied(const Column& column, std::span<const Row> rows, const SourceText& from,
              const SourceText& to, Memory& memory);

}  // namespace riffle
