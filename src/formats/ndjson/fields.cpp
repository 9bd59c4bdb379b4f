#include "formats/ndjson/fields.h"

#include <algorithm>
#include <bit>

#include "values/json.h"

namespace riffle {

WantedName::WantedName(std::string_view text) : name(text) {
  const std::size_t bytes = std::min<std::size_t>(text.size(), sizeof first);
  const std::uint64_t ones = ~std::uint64_t{0};
  if (bytes > 0) {
    std::memcpy(&first, text.data(), bytes);
    std::memcpy(&mask, &ones, bytes);
  }
}

WantedName* WantedNames::find_among(std::uint64_t candidates, const char* at, std::size_t length) {
  for (; candidates; candidates &= candidates - 1)
    for (std::size_t n = static_cast<std::size_t>(std::countr_zero(candidates)); n < names_.size();
         n += 64)
      if (names_[n]->is(at, length)) return names_[n].get();
  return nullptr;
}

WantedName* WantedNames::find_decoded(std::string_view name) {
  for (const auto& wanted : names_)
    if (wanted->name == name) return wanted.get();
  return nullptr;
}

WantedName& WantedNames::add(std::string_view name) {
  if (WantedName* const known = find_decoded(name)) return *known;
  const std::uint64_t bit = std::uint64_t{1} << (names_.size() % 64);
  // An empty name's first character is the quote that ends it.
  by_first_[name.empty() ? '"' : static_cast<unsigned char>(name.front())] |= bit;
  by_length_[std::min(name.size(), by_length_.size() - 1)] |= bit;
  return *names_.emplace_back(std::make_unique<WantedName>(name));
}

WantedFields::WantedFields(const Slots& slots) {
  for (const SourceField& field : slots.source) {
    const std::uint8_t flags = field.name.is_path() ? Value::literal_key : 0;
    names_.add(field.name.literal).targets.push_back({field.slot, flags, false});
    slots_.push_back(field.slot);
    if (!field.name.is_path() || field.literal_only) continue;
    WantedNames* names = &names_;
    for (std::size_t step = 0; step + 1 < field.name.path.size(); step++) {
      WantedName& outer = names->add(field.name.path[step]);
      if (!outer.inside) outer.inside = std::make_unique<WantedNames>();
      names = outer.inside.get();
    }
    names->add(field.name.path.back()).targets.push_back({field.slot, 0, true});
  }
  for (const SourceField& place : slots.places) {
    names_.add(place.name.literal).targets.push_back({place.slot, 0, false});
    slots_.push_back(place.slot);
  }
}

void WantedFields::start_batch(Batch& batch, Row rows) {
  for (const Slot slot : slots_) {
    Value* const values = batch.memory->allocate<Value>(rows);
    std::fill_n(values, rows, Value());
    batch.columns[static_cast<std::size_t>(slot)] = {values};
  }
  names_.for_each_target([&](WantedName::Target& target) {
    target.values = const_cast<Value*>(batch.columns[static_cast<std::size_t>(target.slot)].values);
  });
}

void WantedFields::clear_rows(Row first, Row last) {
  names_.for_each_target([=](WantedName::Target& target) {
    std::fill(target.values + first, target.values + last, Value());
  });
}

void WantedFields::forget(WantedNames& names) {
  names.for_each_target([this](WantedName::Target& target) {
    Value& stored = target.values[row_];
    if (!(stored.flags & Value::literal_key)) stored = Value();
  });
}

void WantedFields::store_all_of(std::string_view object) { store_members(names_, object); }

void WantedFields::store_members(WantedNames& names, std::string_view object) {
  Memory decoded;
  for (JsonWalk walk(object); walk.next();) {
    const bool escaped = has_escapes(walk.raw_key());
    WantedName* const wanted = names.find_decoded(decode_string(walk.raw_key(), decoded));
    if (!wanted) continue;
    const bool fresh = enter(*wanted);
    if (wanted->inside && walk.raw_value().front() == '{')
      store_members(*wanted->inside, walk.raw_value());
    store(*wanted, walk.raw_value(), escaped || !fresh);
  }
}

}  // namespace riffle
