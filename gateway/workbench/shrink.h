#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <functional>

namespace vardbron::workbench {

struct ShrinkOptions {
  std::size_t attempts_max = 2'000;
};

/// A message that still fails and cannot be reduced further: elements are dropped, the largest first, then texts are shortened.
/// `fails` is called for each attempt and must be true of `message` itself. The result has the same Names.
tree::Document shrink(const tree::Document& message, const std::function<bool(const tree::Document&)>& fails,
                      ShrinkOptions options = {});

/// A deep copy of a whole document.
tree::Document copy_of(const tree::Document& message);

}  // namespace vardbron::workbench
