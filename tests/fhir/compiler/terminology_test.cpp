#include "gateway/fhir/compiler/terminology.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

/// Codes of a set as "system#code", or why there are none.
std::string listed(std::vector<std::string> systems, std::vector<std::string> sets, std::string_view url) {
  Terminology terminology;
  for (std::string& text : systems) terminology.add_code_system(from_json(std::move(text)));
  for (std::string& text : sets) terminology.add_value_set(from_json(std::move(text)));
  TableBuilder builder("4.0.1");
  terminology.write(builder);
  std::vector<std::byte> bytes = builder.write();
  Result<TableView> view = view_table(bytes);
  CHECK(view);
  for (const CodeSetRecord& set : view->value_sets) {
    if (view->text(set.canonical) != url) continue;
    if (set.codes_count == not_listed) return "not listed";
    std::string text;
    for (const CodeRecord& code : view->codes.subspan(set.codes_first, set.codes_count))
      text.append(text.empty() ? "" : " ").append(view->text(code.system)).append("#").append(view->text(code.code));
    return text;
  }
  return "unknown";
}

const std::string colours =
    "{'resourceType':'CodeSystem','url':'c','content':'complete','concept':[{'code':'red','concept':[{'code':'pink'},"
    "{'code':'rose','property':[{'code':'child','valueCode':'blue'}]}]},{'code':'blue'},{'code':'green'}]}";

std::string set_of(std::string_view url, std::string_view compose) {
  return "{'resourceType':'ValueSet','url':'" + std::string(url) + "','compose':{" + std::string(compose) + "}}";
}

TEST(Terminology, ExpandsWhatCanBeListed) {
  struct Row {
    std::string_view compose, expected;
  };
  for (const Row& row :
       {Row{"'include':[{'system':'c'}]", "c#red c#pink c#rose c#blue c#green"},
        Row{"'include':[{'system':'c','concept':[{'code':'blue'},{'code':'red'}]}]", "c#blue c#red"},
        Row{"'include':[{'system':'c','concept':[{'code':'red'}]},{'system':'c','concept':[{'code':'red'}]}]", "c#red"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'is-a','value':'red'}]}]",
            "c#red c#pink c#rose c#blue"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'descendent-of','value':'red'}]}]",
            "c#pink c#rose c#blue"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'is-not-a','value':'red'}]}]", "c#green"},
        Row{"'include':[{'system':'c','filter':[{'property':'code','op':'regex','value':'r.*'}]}]", "not listed"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'in','value':'blue, pink'}]}]", "c#pink c#blue"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'not-in','value':'blue,pink'}]}]",
            "c#red c#rose c#green"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'=','value':'rose'}]}]", "c#rose"},
        Row{"'include':[{'system':'c','filter':[{'property':'concept','op':'generalizes','value':'blue'}]}]",
            "c#red c#rose c#blue"},
        Row{"'include':[{'system':'c','filter':[{'property':'child','op':'=','value':'blue'}]}]", "c#rose"},
        Row{"'include':[{'system':'c','filter':[{'property':'child','op':'exists','value':'true'}]}]", "c#rose"},
        Row{"'include':[{'system':'c','filter':[{'property':'child','op':'exists','value':'false'}]}]",
            "c#red c#pink c#blue c#green"},
        Row{"'include':[{'system':'c','filter':[{'property':'none','op':'=','value':'x'}]}]", "not listed"},
        Row{"'include':[{'system':'c','filter':[{'property':'child','op':'is-a','value':'blue'}]}]", "not listed"},
        Row{"'include':[{'system':'c'}],'exclude':[{'system':'c','concept':[{'code':'red'},{'code':'blue'}]}]",
            "c#pink c#rose c#green"},
        Row{"'include':[{'valueSet':['two']}]", "c#red c#green"},
        Row{"'include':[{'valueSet':['two|1.0']},{'system':'c','concept':[{'code':'blue'}]}]", "c#red c#green c#blue"},
        Row{"'include':[{'system':'c','valueSet':['two']}]", "c#red c#green"},
        Row{"'include':[{'system':'d','concept':[{'code':'outside'}]}]", "d#outside"},
        Row{"'include':[{'system':'d'}]", "not listed"},
        Row{"'include':[{'system':'part'}]", "not listed"},
        Row{"'include':[{'valueSet':['self']}]", "not listed"},
        Row{"'include':[{'valueSet':['none']}]", "not listed"}})
    EXPECT_EQ(listed({colours, "{'resourceType':'CodeSystem','url':'part','content':'fragment','concept':[{'code':'x'}]}"},
                     {set_of("self", row.compose),
                      set_of("two", "'include':[{'system':'c','concept':[{'code':'red'},{'code':'green'}]}]")},
                     "self"),
              row.expected)
        << row.compose;
}

/// "parent>code" of each link of a system.
std::string links_of(std::string system) {
  Terminology terminology;
  terminology.add_code_system(from_json(std::move(system)));
  TableBuilder first("4.0.1");
  terminology.write(first);
  const std::vector<std::byte> once = first.write();
  TableBuilder again(*view_table(once));  // a table with added models keeps its content
  const std::vector<std::byte> bytes = again.write();
  Result<TableView> view = view_table(bytes);
  CHECK(view);
  std::string text;
  for (const CodeSetRecord& set : view->hierarchies)
    for (const LinkRecord& link : view->links.subspan(set.codes_first, set.codes_count))
      text.append(text.empty() ? "" : " ").append(view->text(link.parent)).append(">").append(view->text(link.code));
  return text;
}

TEST(Terminology, KeepsEachStepOfAHierarchyOnce) {
  struct Row {
    std::string_view about, concepts, expected;
  };
  for (const Row& row : {Row{"", "{'code':'a','concept':[{'code':'b','concept':[{'code':'c'}]}]}", "a>b b>c"},
                         Row{"", "{'code':'a'},{'code':'b','property':[{'code':'parent','valueCode':'a'}]}", "a>b"},
                         Row{"", "{'code':'a'},{'code':'b','property':[{'code':'subsumedBy','valueCode':'a'}]}", "a>b"},
                         Row{"", "{'code':'a','property':[{'code':'child','valueCode':'b'}]},{'code':'b'}", "a>b"},
                         Row{"", "{'code':'a','concept':[{'code':'b','property':[{'code':'parent','valueCode':'a'}]}]}", "a>b"},
                         Row{"", "{'code':'b','property':[{'code':'parent','valueCode':'outside'}]}", ""},
                         Row{"'hierarchyMeaning':'is-a',", "{'code':'a','concept':[{'code':'b'}]}", "a>b"},
                         Row{"'hierarchyMeaning':'part-of',", "{'code':'a','concept':[{'code':'b'}]}", ""},
                         Row{"", "{'code':'a'},{'code':'b'}", ""}})
    EXPECT_EQ(links_of("{'resourceType':'CodeSystem','url':'c','content':'complete'," + std::string(row.about) + "'concept':[" +
                       std::string(row.concepts) + "]}"),
              row.expected)
        << row.about << row.concepts;
}

TEST(Terminology, TakesAFinishedExpansionWhereNothingIsComposed) {
  EXPECT_EQ(listed({},
                   {"{'resourceType':'ValueSet','url':'v','expansion':{'contains':[{'system':'s','code':'a'},{'system':'t','code'"
                    ":'a'}]}}"},
                   "v"),
            "s#a t#a");
}

}  // namespace
}  // namespace vardbron::fhir
