#include "gateway/search/include.h"

#include "r4.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::search {
namespace {

Result<Include> read_it(std::string_view type, std::string_view name, std::string_view value) {
  return read_include(r4(), r4().find_type(type), name, value);
}

TEST(IncludeParameter, ReadsBothDirectionsAndEachTarget) {
  struct Row {
    std::string type, name, value;
    Include expected;
  };
  for (const Row& row : {Row{"Task", "_include", "Task:owner", {false, false, "Task", "owner", ""}},
                         Row{"Task", "_include", "Task:owner:Organization", {false, false, "Task", "owner", "Organization"}},
                         Row{"Task", "_include", "Task:*", {false, false, "Task", "*", ""}},
                         Row{"Task", "_include", "*", {false, false, "Task", "*", ""}},
                         Row{"Task", "_include:iterate", "Encounter:part-of", {false, true, "Encounter", "part-of", ""}},
                         Row{"Task", "_include:iterate", "Encounter:*", {false, true, "Encounter", "*", ""}},
                         Row{"Encounter", "_revinclude", "Task:focus", {true, false, "Task", "focus", ""}},
                         Row{"Encounter", "_revinclude", "Task:focus:Encounter", {true, false, "Task", "focus", "Encounter"}},
                         Row{"Encounter", "_revinclude:iterate", "Task:part-of:Task", {true, true, "Task", "part-of", "Task"}}}) {
    Result<Include> include = read_it(row.type, row.name, row.value);
    ASSERT_TRUE(include.ok()) << row.value << ": " << include.failure().says;
    EXPECT_EQ(*include, row.expected) << row.name << "=" << row.value;
  }
}

TEST(IncludeParameter, RefusesWhatLeadsNowhere) {
  struct Row {
    std::string type, name, value;
    Cause cause;
    std::string says;
  };
  for (const Row& row :
       {Row{"Task", "_include", "owner", Cause::Invalid, "The value is Type:reference or Type:reference:Target."},
        Row{"Task", "_include", "", Cause::Invalid, "The value is Type:reference or Type:reference:Target."},
        Row{"Task", "_include", "Task:owner:Patient:x", Cause::Invalid, "The value is Type:reference or Type:reference:Target."},
        Row{"Task", "_include", "Tusk:owner", Cause::Invalid, "There is no such resource type."},
        Row{"Task", "_include", "Task:ownr", Cause::Invalid, "Task has no such search parameter. Did you mean owner?"},
        Row{"Task", "_include", "Task:status", Cause::Invalid, "This parameter of Task is no reference."},
        Row{"Task", "_include", "Encounter:patient", Cause::Invalid,
            "It begins at Task, which is searched; with :iterate it may begin at what is included."},
        Row{"Task", "_include", "Task:owner:Encounter", Cause::Invalid, "This reference of Task never refers to a Encounter."},
        Row{"Task", "_include", "Task:owner:Practitioner", Cause::Unsupported,
            "This gateway keeps no Practitioner; /fhir/metadata lists what it keeps."},
        Row{"Task", "_include:exact", "Task:owner", Cause::Invalid, "This parameter has the modifier :iterate only."},
        Row{"Task", "_include:recurse", "Task:owner", Cause::Invalid, "This parameter has the modifier :iterate only."},
        Row{"Task", "_include:iterate", "*", Cause::Unsupported, "With :iterate the type is named: Type:*."},
        Row{"Task", "_revinclude", "*", Cause::Unsupported, "With _revinclude it is Type:reference, without *."},
        Row{"Task", "_revinclude", "Task:*", Cause::Unsupported, "With _revinclude it is Type:reference, without *."},
        Row{"Patient", "_revinclude", "Observation:subject", Cause::Unsupported,
            "This gateway keeps no Observation; /fhir/metadata lists what it keeps."},
        Row{"Encounter", "_revinclude", "Task:focus:Patient", Cause::Invalid,
            "It ends at Encounter, which is searched; with :iterate it may end at what is included."},
        Row{"Organization", "_revinclude", "Task:patient", Cause::Invalid,
            "This reference of Task never refers to a Organization."}}) {
    Result<Include> include = read_it(row.type, row.name, row.value);
    ASSERT_FALSE(include.ok()) << row.name << "=" << row.value;
    EXPECT_EQ(include.failure().cause, row.cause) << row.value;
    EXPECT_EQ(include.failure().says, row.says) << row.value;
    EXPECT_EQ(include.failure().where, row.name);
  }
}

}  // namespace
}  // namespace vardbron::search
